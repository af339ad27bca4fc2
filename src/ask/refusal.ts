import { lacking, lackingOnMachine } from './capability.ts'
import { isWatch } from './packets.ts'
import type { Reply, Request, Why } from './request.ts'

/** A reply that is no answer: the reason in one word, and what was said. */
export interface Refusal {
  readonly why: Why
  readonly detail: string
}

interface Row {
  readonly via: readonly Request['via'][] | 'any'
  readonly status: number | readonly [number, number] | 'any'
  readonly says?: RegExp
  readonly why: Why
}

const API = ['nomad', 'consul'] as const
const COMMAND = ['node', 'netns', 'task'] as const

/**
 * The one table from (via, status, words) to a reason; the first row that fits wins.
 * Sources: Nomad `command/agent/http.go` (codes), `nomad/structs/errors.go` (texts); Consul `agent/http.go`.
 */
const table: readonly Row[] = [
  { via: 'any', status: -1, says: /time[d ]*.?out|deadline exceeded/i, why: 'timed-out' },
  { via: 'any', status: -1, says: /certificate|self.signed|altname|\bssl\b|\btls\b|EPROTO|ERR_SSL/i, why: 'failed' },
  // Somebody is there, and hung up: as a server does that asks for a certificate of the client.
  { via: API, status: -1, says: /other side closed|ECONNRESET/, why: 'failed' },
  { via: 'any', status: -1, why: 'offline' },
  { via: API, status: 403, why: 'denied' },
  { via: API, status: 401, why: 'denied' },
  { via: API, status: 404, says: /no path to (node|region)/i, why: 'offline' },
  { via: API, status: 404, says: /permission denied/i, why: 'denied' },
  { via: API, status: 404, why: 'not-found' },
  {
    via: API,
    status: [500, 599],
    says: /permission denied|acl (token )?not found|invalid workload identity|error authenticating|403/i,
    why: 'denied',
  },
  {
    via: API,
    status: [500, 599],
    says: /invalid config entry kind|not supported|unsupported|no handler/i,
    why: 'unsupported',
  },
  { via: API, status: [500, 599], says: /unknown (node|allocation|task)|not found/i, why: 'not-found' },
  {
    via: API,
    status: [500, 599],
    says: /no path to node|no path to region|no cluster leader|connection refused|dial tcp/i,
    why: 'offline',
  },
  { via: API, status: [500, 599], says: /timeout|timed out|deadline exceeded/i, why: 'timed-out' },
  { via: API, status: [405, 405], why: 'unsupported' },
  { via: API, status: [300, 599], why: 'failed' },
  {
    via: COMMAND,
    status: [1, 255],
    says: /permission denied|operation not permitted|must be root|a password is required|account is (?:currently )?not available|are you root|is not (allowed|in the sudoers)/i,
    why: 'denied',
  },
  { via: COMMAND, status: [1, 255], says: /nsenter: cannot open \/proc\/\d+\/ns/i, why: 'offline' },
  { via: COMMAND, status: 127, why: 'unsupported' },
  {
    via: COMMAND,
    status: [1, 255],
    says: /command not found|executable file not found|not found in \$PATH|invalid option|unrecognized option/i,
    why: 'unsupported',
  },
  {
    via: COMMAND,
    status: [1, 255],
    says: /no such file or directory|no such (container|object|network)/i,
    why: 'not-found',
  },
  { via: COMMAND, status: [1, 255], says: /node down|no path to node/i, why: 'offline' },
  {
    via: ['task'],
    status: [1, 255],
    says: /unknown (allocation|task)|task .*not (found|running)|not running/i,
    why: 'not-found',
  },
  {
    via: COMMAND,
    status: [1, 255],
    says: /cannot connect to the docker daemon|connection refused|no route to host/i,
    why: 'offline',
  },
  { via: COMMAND, status: [1, 255], why: 'failed' },
  { via: ['file'], status: [1, 599], says: /EACCES|EPERM/, why: 'denied' },
  { via: ['file'], status: [1, 599], why: 'not-found' },
]

/** What ssh says beside what it is asked for. */
const chatter = /^(?:Could not chdir to home directory|Warning: Permanently added|\*\* ).*\r?\n?/gm

/** Programs that end every line they print, the last one too. */
const linewise = /^(env|grep|ip6?tables(-legacy)?-save|journalctl|ls|ss|sysctl|tail)$/

const isCut = (request: Request, { status, body }: Reply): boolean =>
  'argv' in request && status === 0 && linewise.test(request.argv[0] ?? '') && body !== '' && !body.endsWith('\n')

/** What docker says of an id that was listed a moment ago and is gone: the others were inspected all the same. */
const gone = /^error(?: response from daemon)?: (?:no such (?:object|container|network)\b|network \S+ not found)/i

function isPartly(request: Request, { status, body, stderr = '' }: Reply): boolean {
  if (!('argv' in request) || request.argv[0] !== 'docker' || !request.argv.slice(1, 3).includes('inspect'))
    return false
  const said = stderr.replaceAll(chatter, '').split('\n')
  const told = said.filter((line) => line.trim() !== '')
  return status === 1 && body.startsWith('[') && told.length > 0 && told.every((line) => gone.test(line))
}

/** Why a reply is no answer, or null when it is one. HTTP 200 to 299 and exit code 0 are answers. */
export function refusalOf(request: Request, reply: Reply): Refusal | null {
  if (reply.refusal) return reply.refusal
  if ('connect' in request && reply.status >= 0 && reply.status < 126) return null // a failed attempt is an answer
  // It ends when its time is over; that it ever began, only its own words tell.
  if ('argv' in request && isWatch(request.argv) && reply.status === 124 && /^listening on /m.test(reply.stderr ?? ''))
    return null
  if (isPartly(request, reply)) return null
  const api = request.via === 'nomad' || request.via === 'consul'
  if (isCut(request, reply)) return { why: 'failed', detail: 'the output is cut short: its last line has no end' }
  if (api ? reply.status >= 200 && reply.status < 300 : reply.status === 0) return null
  const said = `${(reply.stderr ?? '').replaceAll(chatter, '')}\n${reply.body}`.trim()
  const row = table.find(
    ({ via, status, says }) =>
      (via === 'any' || via.includes(request.via)) &&
      (status === 'any' ||
        (typeof status === 'number'
          ? status === reply.status
          : reply.status >= status[0] && reply.status <= status[1])) &&
      (says === undefined || says.test(said)),
  )
  const why = row?.why ?? 'failed'
  const code = reply.status === -1 ? 'no answer' : api ? `HTTP ${reply.status}` : `exit code ${reply.status}`
  const hint = why === 'denied' ? lacking(request) || lackingOnMachine(request, said) : ''
  const first = telling(said)
  const line = first.length > 300 ? `${first.slice(0, 299)}…` : first
  return { why, detail: [code, line, hint].filter((part) => part !== '').join(': ') }
}

/** The first line; where it only counts errors, the errors themselves, each in a line with a star. */
function telling(said: string): string {
  const [first = '', ...rest] = said.split('\n')
  if (!/\berrors? occurred:$/.test(first.trim())) return first
  const told = rest.map((line) => line.replace(/^[\s*]+/, '').trim()).filter((line) => line !== '')
  return told.length === 0 ? first : told.join('; ').replaceAll(/: \d+ errors? occurred:;/g, ':')
}
