import { parseArgs } from 'node:util'
import { nearest } from '../run/nearest.ts'

/** A flag as the person types it; help is printed from this table. */
interface Flag {
  readonly takes?: string
  readonly short?: string
  /** May be given more than once. */
  readonly many?: true
  readonly does: string
}

type Table = Readonly<Record<string, Flag>>

/** Which servers, and with which rights: the usual variables have the same names in capitals. */
export const serverFlags = {
  address: { takes: 'URL', does: 'Nomad API (NOMAD_ADDR), also unix:///path' },
  token: { takes: 'TOKEN', does: 'ACL token (NOMAD_TOKEN)' },
  namespace: { takes: 'NAME', does: 'namespace of names without one (NOMAD_NAMESPACE)' },
  region: { takes: 'NAME', does: 'region (NOMAD_REGION)' },
  'ca-cert': { takes: 'FILE', does: 'certificate authority (NOMAD_CACERT)' },
  'ca-path': { takes: 'DIR', does: 'folder of certificate authorities (NOMAD_CAPATH)' },
  'client-cert': { takes: 'FILE', does: 'client certificate (NOMAD_CLIENT_CERT)' },
  'client-key': { takes: 'FILE', does: 'its key (NOMAD_CLIENT_KEY)' },
  'tls-server-name': { takes: 'NAME', does: 'name in the server certificate (NOMAD_TLS_SERVER_NAME)' },
  'tls-skip-verify': { does: 'do not verify certificates (NOMAD_SKIP_VERIFY)' },
} as const satisfies Record<string, Flag>

/** The whole cluster. */
export const connectionFlags = {
  ...serverFlags,
  'consul-address': { takes: 'URL', does: 'Consul API (CONSUL_HTTP_ADDR)' },
  'consul-token': { takes: 'TOKEN', does: 'Consul token (CONSUL_HTTP_TOKEN)' },
  ssh: { takes: 'TEMPLATE', does: "reach client machines by ssh: 'user@{address}', {name} and {id} work too" },
  'ssh-timeout': {
    takes: 'SECONDS',
    does: 'how long one command on a client may take: 15 if left out (NETDOCTOR_SSH_TIMEOUT)',
  },
  sudo: { does: 'put sudo -n in front of commands on client machines' },
  yes: {
    does: 'agree to commands inside workloads and to connection attempts; each is listed on the standard error first',
  },
} as const satisfies Record<string, Flag>

export const commonFlags = {
  case: { takes: 'DIR', does: 'answer from a recorded case instead of a cluster' },
  format: { takes: 'text|json', does: 'how the report is printed' },
  plain: { does: 'text without colour and without Unicode marks' },
  'no-color': { does: 'no colour' },
  help: { short: 'h', does: 'this text' },
} as const satisfies Record<string, Flag>

export const subjectFlags = {
  from: {
    takes: 'NAME',
    does: 'who cannot reach it: JOB/GROUP/TASK, JOB/GROUP, JOB, an allocation id, node:NAME, outside',
  },
  to: {
    takes: 'NAME',
    does: 'what cannot be reached: the same, or service:NAME; node:NAME with the number of a --port',
  },
  port: { takes: 'PORT', does: 'port label or number' },
  symptom: { takes: 'WORD', does: 'not-placed, never-starts, cannot-connect, name-fails, sometimes, outside, unknown' },
  dials: {
    takes: 'ADDRESS',
    does: 'address or port the caller uses when it is not the registered one; udp: in front for UDP',
  },
  'job-file': { takes: 'FILE', does: 'job file of a job the servers do not have, such as one refused at submit' },
  answer: { takes: 'QUESTION=ANSWER', many: true, does: 'answer a question of the tree yourself; may be repeated' },
} as const satisfies Record<string, Flag>

export type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

/** A wrong call: printed as one line, exit code 2. */
export class UsageError {
  readonly message: string
  constructor(message: string, offers: readonly string[] = [], help?: string) {
    this.message = [
      message,
      ...(offers.length > 0 ? [`  Did you mean: ${offers.join(', ')}`] : []),
      ...(help === undefined ? [] : [`  ${help}`]),
    ].join('\n')
  }
}

/** Reads flags of a table. Unknown ones name the nearest; a value that is missing names its flag. */
export function readFlags(
  argv: readonly string[],
  table: Table,
  positionals: boolean,
): { values: Values; rest: readonly string[] } | UsageError {
  const options = Object.fromEntries(
    Object.entries(table).map(([name, { takes, short, many }]) => [
      name,
      {
        type: takes === undefined ? ('boolean' as const) : ('string' as const),
        multiple: many === true,
        ...(short === undefined ? {} : { short }),
      },
    ]),
  )
  try {
    const {
      values,
      positionals: rest,
      tokens,
    } = parseArgs({
      args: [...argv],
      options,
      allowPositionals: true,
      strict: true,
      tokens: true,
    })
    const given = tokens.flatMap((token) => (token.kind === 'option' ? [token] : []))
    const twice = given.find((one, i) => !options[one.name]?.multiple && differs(given.slice(0, i), one))
    if (twice) return new UsageError(`--${twice.name} is given twice`)
    if (!positionals && rest.length > 0) return new UsageError(`unexpected argument "${rest[0] ?? ''}"`)
    const empty = Object.entries(table).find(([name]) => [values[name]].flat().includes(''))
    if (empty) return new UsageError(noValue(...empty))
    return { values: values as Values, rest }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const unknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? /'(-[^']*)'/.exec(message)?.[1] : undefined
    if (unknown !== undefined)
      return new UsageError(
        `unknown flag ${unknown}`,
        nearest(unknown.replace(/^-+/, ''), Object.keys(table)).map((name) => `--${name}`),
        'All flags: the same command with --help',
      )
    return new UsageError(valueTrouble(message, argv, table) ?? message.split('\n')[0] ?? message)
  }
}

interface Given {
  readonly name: string
  readonly value: string | undefined
}
/** The same flag with another value: which of them is meant nobody knows. */
const differs = (before: readonly Given[], { name, value }: Given): boolean =>
  before.some((one) => one.name === name && one.value !== value)

/** What is wrong with a value, in our words; undefined where the parser speaks of something else. */
function valueTrouble(message: string, argv: readonly string[], table: Table): string | undefined {
  const [, typed = ''] = /^Option '([^',\s]+)/.exec(message) ?? []
  const found = Object.entries(table).find(([name, { short }]) => typed === `--${name}` || typed === `-${short}`)
  if (!found) return undefined
  if (message.includes('does not take an argument')) return `--${found[0]} takes no value`
  if (message.includes('argument missing')) return noValue(...found)
  if (!message.includes('argument is ambiguous')) return undefined
  // What stands in its place may be the next flag, or a value that looks like one.
  const [after = ''] = /^--([\w-]+)/.exec(argv[argv.lastIndexOf(typed) + 1] ?? '')?.slice(1) ?? []
  return Object.hasOwn(table, after)
    ? noValue(...found)
    : `${noValue(...found)}, or --${found[0]}='…' for one that begins with a dash`
}

const noValue = (name: string, { takes = '', short }: Flag): string =>
  `${short === undefined ? '' : `-${short}, `}--${name} has no value; write --${name} ${takes}`

export function flagHelp(table: Table): string {
  return Object.entries(table)
    .map(
      ([name, { takes, short, does }]) =>
        `  ${`${short === undefined ? '' : `-${short}, `}--${name}${takes === undefined ? '' : ` ${takes}`}`.padEnd(28)} ${does}`,
    )
    .join('\n')
}

export const textOf = (values: Values, name: string): string | undefined => {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

export const listOf = (values: Values, name: string): readonly string[] => {
  const value = values[name]
  return Array.isArray(value) ? (value as readonly string[]) : []
}
