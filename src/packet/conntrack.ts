import { decimal, parsed, present, unreadable } from './parsed.ts'
import type { Parsed } from './parsed.ts'

/** One direction of a tracked connection. */
export interface Tuple {
  readonly src: string
  readonly dst: string
  readonly sport?: number
  readonly dport?: number
  /** Seen so far; absent unless accounting is on (net.netfilter.nf_conntrack_acct). */
  readonly packets?: number
  readonly bytes?: number
  /** ICMP: type, code and id, as printed. */
  readonly icmp?: string
}

export interface ConntrackEntry {
  /** Absent without `-o extended`. */
  readonly family?: 4 | 6
  /** tcp, udp, icmp, …; `unknown` where conntrack has no name, then `protoNumber` tells. */
  readonly proto: string
  readonly protoNumber: number
  /** Seconds until it is forgotten; absent for offloaded ones. */
  readonly timeout?: number
  /** TCP and SCTP only: SYN_SENT, SYN_RECV, ESTABLISHED, TIME_WAIT, … */
  readonly state?: string
  /** As the first packet was sent. */
  readonly original: Tuple
  /** As an answer is expected: differs from the mirrored original when addresses are translated. */
  readonly reply: Tuple
  /** No answer was seen. */
  readonly unreplied: boolean
  readonly assured: boolean
  readonly mark?: number
  /** Everything else: use, zone, secctx, helper, … */
  readonly fields: Readonly<Record<string, string>>
  /** Other words in brackets: OFFLOAD, HW_OFFLOAD, … */
  readonly flags: readonly string[]
}

/** Reads `conntrack -L` with or without `-o extended`. Its summary line is on stderr. */
export function parseConntrack(text: string): Parsed<readonly ConntrackEntry[]> {
  const entries: ConntrackEntry[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('conntrack v')) continue
    const entry = readEntry(line)
    if (!entry) return unreadable('not a conntrack entry', index + 1)
    entries.push(entry)
  }
  return parsed(entries)
}

interface Endpoint {
  readonly address: string
  readonly port?: number
}

/** Where the connection was sent instead of its original destination, when it was. */
export const translatedTo = ({ original, reply }: ConntrackEntry): Endpoint | undefined =>
  reply.src === original.dst && reply.sport === original.dport
    ? undefined
    : present<Endpoint>({ address: reply.src, port: reply.sport })

/** The source the destination saw instead of the original one, when it was changed. */
export const translatedFrom = ({ original, reply }: ConntrackEntry): Endpoint | undefined =>
  reply.dst === original.src && reply.dport === original.sport
    ? undefined
    : present<Endpoint>({ address: reply.dst, port: reply.dport })

function readEntry(line: string): ConntrackEntry | undefined {
  const head = /^(?:(ipv[46])\s+\d+\s+)?(\S+)\s+(\d+)\s+(?:(\d+)\s+)?(?:([A-Z][A-Z0-9_]*)\s+)?(?=\S*[[=])(.*)$/.exec(
    line,
  )
  if (!head) return undefined
  const [, family, proto = '', protoNumber = '', timeout, state, rest = ''] = head
  const words = rest.split(/\s+/).filter((word) => word !== '')
  const sides: [Map<string, string>, Map<string, string>] = [new Map(), new Map()]
  const fields = new Map<string, string>()
  const flags: string[] = []
  for (const word of words) {
    const flag = /^\[(.+)\]$/.exec(word)?.[1]
    const [, key = '', value = ''] = /^([^=]+)=(.*)$/.exec(word) ?? []
    if (flag !== undefined) flags.push(flag)
    else if (key === '') return undefined
    else if (!direction.has(key)) fields.set(key, value)
    else (sides[0].has(key) ? sides[1] : sides[0]).set(key, value)
  }
  const [original, reply] = [readTuple(sides[0]), readTuple(sides[1])]
  if (!original || !reply) return undefined
  const mark = decimal(fields.get('mark'))
  fields.delete('mark')
  return present<ConntrackEntry>({
    family: family === undefined ? undefined : family === 'ipv4' ? 4 : 6,
    proto,
    protoNumber: Number(protoNumber),
    timeout: decimal(timeout),
    state,
    original,
    reply,
    unreplied: flags.includes('UNREPLIED'),
    assured: flags.includes('ASSURED'),
    mark,
    fields: Object.fromEntries(fields),
    flags: flags.filter((flag) => flag !== 'UNREPLIED' && flag !== 'ASSURED'),
  })
}

/** Keys that are printed once per direction. */
const direction = new Set([
  'src',
  'dst',
  'sport',
  'dport',
  'type',
  'code',
  'id',
  'packets',
  'bytes',
  'srckey',
  'dstkey',
])

function readTuple(side: ReadonlyMap<string, string>): Tuple | undefined {
  const [src, dst] = [side.get('src'), side.get('dst')]
  if (src === undefined || dst === undefined) return undefined
  const icmp = ['type', 'code', 'id'].filter((key) => side.has(key)).map((key) => `${key}=${side.get(key)}`)
  return present<Tuple>({
    src,
    dst,
    sport: decimal(side.get('sport')),
    dport: decimal(side.get('dport')),
    packets: decimal(side.get('packets')),
    bytes: decimal(side.get('bytes')),
    icmp: icmp.length > 0 ? icmp.join(' ') : undefined,
  })
}
