/** What the name of a word says, and the words beside it: whether a port there is the task's own. */
import { loops } from '../path/literals.ts'
import { purposeOf, wordsOfName } from '../../knowledge/variable-names.ts'
import type { Word } from './words.ts'

/** Words of a name that say nothing of what the place is for. */
export const plain = new Set(
  'listen listener listeners listening bind binds binding addr address addresses host hostname ip port ports on http https web server app api interface serve service tcp udp main default url urls uri endpoint entrypoints entrypoint my the to nomad aspnetcore dotnet'.split(
    ' ',
  ),
)
/** A property that Java is given begins with `-D`. */
export const partsOf = (name: string): readonly string[] => wordsOfName(name.replace(/^-D(?=[a-z])/, ''))

/** Headings under which a port is one to listen on; `database`, `smtp` or `redis` may be somebody else's. */
const serving =
  /^(?:(?:the|my|web|http|https|api|app|rest|grpc|tcp|udp|admin|main|public|internal|management|prometheus|metrics)-?)*(?:servers?|http|https|listeners?|listen|bind|entrypoints?|web|net|mysqld|mariadbd|mariadb|daemon|frontend|inbound|ports)$/

/** A key or a flag that holds a host. */
const hostly =
  /(?:^|-)(?:h|host|hostname|hosts|server|servers|broker|brokers|remote|addr|address|ip|url|uri|endpoint|target|peer|upstream|master)$/
const credentials = /(?:^|-)(?:user|username|password|passwd|dbname|db-name|database|db|login)$/
const own =
  /^(?:\*|\+|0\.0\.0\.0|\[?::\]?|\[?::1\]?|localhost|\$\{(?:NOMAD_|attr\.unique\.network)[^}]*\}|\{\{-?\s*env\s+"(?:NOMAD_|attr\.unique\.network)[^}]*\}\})$/

/** The host in a value, where it is one alone: no port, no path. */
function hostIn(value: string): string | undefined {
  const [first = ''] = value
    .trim()
    .replace(/^["'[]+/, '')
    .split(/["'\s;,\]]+(?![^{]*\}\})/)
  const bare = first.replace(/^[a-z][a-z0-9+]*:\/\//, '').replace(/\/$/, '')
  if (/^\{\{|^\$\{/.test(value.trim())) return value.trim().replace(/["';,]+$/, '')
  return /^[A-Za-z][\w-]*(?:\.[\w-]+)*$|^(?:\d{1,3}\.){3}\d{1,3}$/.test(bare) ? bare : undefined
}
const nothing = /^(?:yes|no|true|false|on|off|null|none|nil|auto|any|all)$/i

/** Somebody else's host, or an account with somebody, stands beside a port: then the port may be theirs. */
export function another(word: Word, beside: readonly Word[]): boolean {
  return beside.some((one) => {
    if (one === word || one.set !== word.set) return false
    const name = partsOf(one.name).join('-')
    if (word.kind === 'template' && word.under !== undefined && credentials.test(name)) return true
    // `SMTP_HOST` is beside `SMTP_PORT`, and says nothing of `PORT`.
    if (word.kind !== 'template' && stem(name) !== stem(partsOf(word.name).join('-'))) return false
    if (!hostly.test(name) || /(?:^|-)(?:listen|bind)/.test(name) || purposeOf(one.name) !== 'dialled') return false
    const host = hostIn(one.value)
    return host !== undefined && !nothing.test(host) && !own.test(host) && !loops(host)
  })
}
const stem = (name: string): string =>
  name.replace(
    /(?:^|-)(?:p|port|h|host|hostname|server|broker|remote|addr|address|ip|url|uri|endpoint|target|peer)$/,
    '',
  )

/** A bare number under `port` in a file is listened on where its heading says so, or a place to listen on stands beside it. */
export function listensFor(word: Word, beside: readonly Word[]): boolean {
  if (word.under === undefined) return true
  if (word.under.length > 0) return word.under.every((heading) => serving.test(partsOf(heading).join('-')))
  const name = partsOf(word.name).join('-')
  if (name !== 'port' && name !== 'p') return true
  return beside.some(
    (one) =>
      one !== word &&
      one.set === word.set &&
      (/(?:^|-)(?:listen|bind)/.test(partsOf(one.name).join('-')) ||
        (/^(?:host|ip|address)$/.test(partsOf(one.name).join('-')) && own.test(hostIn(one.value) ?? ''))),
  )
}
