/** Places in a task's words: where it says it listens, and whom it says it calls. */
import type { TaskSpec } from '../../knowledge/shapes/job.ts'
import type { Called, Said } from '../../knowledge/shapes/said.ts'
import { purposeOf } from '../../knowledge/variable-names.ts'
import { literals, loops } from '../path/literals.ts'
import { portOfImage } from './images.ts'
import { wordsOf, type Word } from './words.ts'

const variable = String.raw`\$\{(?:NOMAD_(?:HOST_)?(?:IP|ADDR)_\w+|attr\.unique\.network\.ip-address)\}`
const number = String.raw`(\d{1,5}|\$\{NOMAD_(?:HOST_)?PORT_(\w+)\})`
const scheme = String.raw`(?:(?:tcp[46]?|udp|https?|grpc):\/\/)?`
const host = String.raw`(\*|\[[0-9a-fA-F:]*\]|[\d.]+|localhost|${variable})`
/** One place and nothing else. */
const place = new RegExp(String.raw`^${scheme}${host}?:${number}\/?$`)
const alone = new RegExp(String.raw`^${scheme}${host}$`)
const bare = new RegExp(String.raw`^${number}$`)

/** Words of a name that say nothing of what the place is for. */
const plain = new Set(
  'listen listener listeners listening bind binds binding addr address addresses host ip port on http https web server app api interface serve service tcp udp p l b h main default url uri endpoint entrypoints entrypoint my the to nomad'.split(
    ' ',
  ),
)
const partsOf = (name: string): readonly string[] =>
  name
    // A property that Java is given.
    .replace(/^-D(?=[a-z])/, '')
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
const listens = (words: readonly string[]): boolean =>
  words.some((word) => /^(listen(er|ers|ing)?|bind(s|ing)?)$/.test(word))
const portNames = new Set([
  'port',
  'p',
  'http-port',
  'https-port',
  'listen-port',
  'server-port',
  'web-port',
  'app-port',
  'api-port',
  'bind-port',
])
const hostNames = new Set(['host', 'server-host', 'http-host', 'app-host'])
const wildcards = new Set(['', '*', '0.0.0.0', '::'])

interface Read {
  readonly host: string
  readonly port?: number
  readonly label?: string
  readonly outside?: true
}

function read(value: string, words: readonly string[]): Read | undefined {
  const [, at = '', digits, label] = place.exec(value) ?? []
  if (digits !== undefined) {
    const named = at.replace(/^\[|\]$/g, '')
    // A place whose address is somebody's is listened on only where the name says so: `-p 127.0.0.1:8080` does.
    const own = listens(words) || portNames.has(words.join('-')) || (wildcards.has(named) && words.length > 0)
    return own ? numbered(named, digits, label) : undefined
  }
  const [, only] = alone.exec(value) ?? []
  // `HOST=127.0.0.1` beside `PORT=8080`: whom a program calls is seldom itself.
  const own = listens(words) || (hostNames.has(words.join('-')) && loops(only ?? ''))
  if (only !== undefined && own) return { host: only.replace(/^\[|\]$/g, '') }
  const [, port, of] = bare.exec(value) ?? []
  return port !== undefined && portNames.has(words.join('-')) ? numbered('', port, of) : undefined
}

function numbered(at: string, digits: string, label: string | undefined): Read | undefined {
  const host = wildcards.has(at) ? '' : at
  if (label !== undefined) return { host, label, ...(digits.includes('HOST_PORT') ? { outside: true } : {}) }
  const port = Number(digits)
  return port > 0 && port < 65_536 ? { host, port } : undefined
}

/** `listen 8080;`, `bind *:80`, `http-listener 0.0.0.0:80` in a file that a template writes. */
function inFile({ name, value }: Word): readonly Read[] {
  const words = partsOf(name)
  if (!listens(words)) return []
  const [first = ''] = value.replace(/^["'[]+/, '').split(/["'\s;,\]{]+/)
  const found = read(first, words) ?? (/^\d{2,5}$/.test(first) ? numbered('', first, undefined) : undefined)
  return found ? [found] : []
}

const readingOf = (word: Word): readonly Read[] => {
  if (word.kind === 'template') {
    const found = read(word.value.trim(), partsOf(word.name))
    return found ? [found] : inFile(word)
  }
  const found = read(word.value, partsOf(word.name))
  return found ? [found] : []
}

/** Where a task says it listens; where it says nothing, what its image is known to do. */
export function listeningOf(task: TaskSpec): readonly Said[] {
  const said = wordsOf(task).flatMap((word) =>
    readingOf(word).map((one): Said => {
      const words = partsOf(word.name)
      const what = words.filter((part) => !plain.has(part)).join(' ')
      const udp = words.includes('udp') || word.value.startsWith('udp:')
      return { task: task.name, ...one, what, udp, by: 'text', from: word.from, at: word.at }
    }),
  )
  if (said.some(({ port, label }) => port !== undefined || label !== undefined)) return said
  const image = portOfImage(task)
  const usual = { task: task.name, host: '', what: '', udp: false, by: 'image', at: [task.config, 'image'] } as const
  return image === undefined ? said : [...said, { ...usual, port: image, from: `image of task ${task.name}` }]
}

/** Places with a port written out that a task calls: not those it listens on, and none that may be meant for others. */
export const callsOf = (task: TaskSpec): readonly Called[] =>
  wordsOf(task)
    .filter(
      (word) => readingOf(word).length === 0 && !listens(partsOf(word.name)) && purposeOf(word.name) === 'dialled',
    )
    .flatMap(({ value, from, at, name }) =>
      literals(value).flatMap(({ host, port }): readonly Called[] =>
        port === undefined ? [] : [{ task: task.name, host, port, from, text: `${name} ${value}`, at }],
      ),
    )
