/** What a file is, by the words at its top: what stands in a heredoc or in a block tells nothing. */
import { linesOf } from './comments.ts'
import { looseTree } from './json-text.ts'

export type FileKind = 'job' | 'agent' | 'cni' | 'namespace' | 'other'

const jobBlock = /^[ \t]*job[ \t]+"?[^\s"{]+"?[ \t]*\{/

/** `name` tells only what content cannot: files of CNI may be broken, and are read as their extension says. */
export function kindOf(name: string, text: string): FileKind {
  if (/\.(conflist|conf)$/.test(name)) return 'cni'
  if (/^\s*[[{]/.test(text)) return jsonKind(text)
  const lines = text.split(/\r?\n/)
  const code = linesOf(text)
  // A block that is not closed before it does not hide a job.
  if (lines.some((line, i) => code[i]?.text === false && jobBlock.test(line))) return 'job'
  const words = topWords(lines, code)
  if (words.has('capabilities {') && words.has('name =')) return 'namespace'
  if (isAgent(words)) return 'agent'
  return /\.nomad(\.hcl)?$/.test(name) ? 'job' : 'other'
}

type Words = ReadonlySet<string>
const among = (words: Words, all: readonly string[]): boolean => all.some((word) => words.has(word))
const list = (text: string, sign: '=' | '{'): readonly string[] => text.split(' ').map((word) => `${word} ${sign}`)
const either = (text: string): readonly string[] => [...list(text, '='), ...list(text, '{')]

/** What only an agent of Nomad has at its top. */
const own = [
  ...list('client server advertise plugin consul vault', '{'),
  ...either('plugin_dir keyring http_api_response_headers'),
]
/** What agents of Nomad have, and those of Consul and Vault, too. */
const common = [
  ...either('ports addresses telemetry tls acl autopilot limits audit'),
  ...list('data_dir bind_addr leave_on_terminate leave_on_interrupt disable_update_check', '='),
]
/** What says nothing of the machine by itself. */
const parts = new Set(
  either('telemetry tls acl autopilot limits audit').concat(
    list('log_level log_file log_json enable_debug enable_syslog disable_update_check', '='),
  ),
)
/** What agents of other programs have, and agents of Nomad have not. */
const others: readonly (readonly [program: string, words: readonly string[]])[] = [
  [
    'Consul',
    [
      ...list('server client_addr advertise_addr node_name primary_datacenter bootstrap_expect retry_join', '='),
      ...list(
        'encrypt ca_file verify_incoming verify_outgoing enable_script_checks enable_central_service_config',
        '=',
      ),
      ...either('ui_config dns_config performance services config_entries'),
    ],
  ],
  [
    'Vault',
    [
      ...list('listener storage seal ha_storage auto_auth api_proxy', '{'),
      ...list('api_addr cluster_addr disable_mlock max_lease_ttl default_lease_ttl plugin_directory', '='),
    ],
  ],
  ['consul-template', list('template exec deduplicate', '{')],
]

/** The program whose configuration this plainly is, when that is not Nomad. */
export function programOf(text: string): string | undefined {
  return strangerIn(topOf(text))
}
function strangerIn(words: Words): string | undefined {
  if (among(words, list('client server advertise plugin', '{'))) return undefined
  return others.find(([, all]) => among(words, all))?.[0]
}

const isAgent = (words: Words): boolean =>
  strangerIn(words) === undefined && (among(words, own) || among(words, common))

/** One of several files of an agent that alone would be no machine: other programs have such files as well. */
export function isPart(text: string): boolean {
  const words = [...topOf(text)]
  return words.length > 0 && words.every((word) => parts.has(word))
}

function topOf(text: string): Words {
  return /^\s*[[{]/.test(text) ? jsonWords(text) : topWords(text.split(/\r?\n/), linesOf(text))
}

/** `client {` and `data_dir =`: what the lines begin with that stand in no block. */
function topWords(lines: readonly string[], code: ReturnType<typeof linesOf>): Words {
  return new Set(
    lines.flatMap((line, i) => {
      if (code[i]?.text !== false || (code[i]?.depth ?? 1) > 0) return []
      const [, word, label, sign] = /^\s*"?([\w.-]+)"?(\s+"?[\w.-]+"?)?\s*(=\s*\{?|\{)/.exec(line) ?? []
      if (word === undefined || sign === undefined || (label !== undefined && sign !== '{')) return []
      return [`${word.toLowerCase()} ${sign.endsWith('{') ? '{' : '='}`]
    }),
  )
}

/** A job as the API has it, and not HCL's own JSON spelling. */
export const isApiJob = (text: string): boolean => /^\s*\{/.test(text) && /"TaskGroups"\s*:/.test(text)

function jsonKind(text: string): FileKind {
  if (/"(TaskGroups|job|Job)"\s*:/.test(text)) return 'job'
  if (/"cniVersion"\s*:/.test(text)) return 'cni'
  return isAgent(jsonWords(text)) ? 'agent' : 'other'
}

/** Members of the object, or of what is there of one that does not end. */
function jsonWords(text: string): Words {
  const root = looseTree(text)
  if (!('kind' in root))
    return new Set(
      Array.from(
        text.matchAll(/"([\w-]+)"\s*:\s*([[{]?)/g),
        ([, word = '', sign]) => `${word} ${sign === '' ? '=' : '{'}`,
      ),
    )
  const members = root.kind === 'object' ? root.members : []
  return new Set(members.map(({ name, value }) => `${name.toLowerCase()} ${value.kind === 'value' ? '=' : '{'}`))
}
