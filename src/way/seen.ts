import type { Capture, Watch } from '../knowledge/shapes/capture.ts'
import { placeOf } from './visits.ts'
import type { PathWalk } from './walked.ts'

type Captured = NonNullable<Watch['packets']>[number]

/** What was seen of a connection in one namespace: by which device, which way, as which packet, how often. */
export interface SeenPackets {
  readonly device: string
  readonly direction: 'in' | 'out' | null
  /** `10.0.0.1 -> 172.26.64.9:8080`, without the caller's port. */
  readonly packet: string
  readonly answers: boolean
  readonly count: number
}
export interface SeenAt {
  readonly namespace: string
  readonly place: string
  readonly packets: readonly SeenPackets[]
  /** Why nothing was watched there; null where it was. */
  readonly why: string | null
}

/** Whether these are packets of this walk. */
export const isOf = ({ host, port }: Capture, { wanted, begins }: PathWalk): boolean =>
  begins === 'source' && host === wanted.dst && port === wanted.dport

const end = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`

/** The places of the walk with what was seen there. */
export const seenAlong = ({ watches }: Capture, { places }: PathWalk): readonly SeenAt[] =>
  watches.map(({ namespace, packets, why }) => ({
    namespace,
    place: placeOf(places, namespace).label,
    packets: grouped(packets ?? [], doorsOf(watches)),
    why: packets === null ? (why ?? 'not known') : null,
  }))

/** The target's ends: where the first packets of connections go to. */
function doorsOf(watches: readonly Watch[]): ReadonlySet<string> {
  const all = watches.flatMap(({ packets }) => packets ?? [])
  const asks = all.filter(({ proto, flags }) => proto === 'udp' || flags === 'S')
  return new Set(asks.map(({ dst, dport }) => end(dst, dport)))
}

function grouped(packets: readonly Captured[], doors: ReadonlySet<string>): readonly SeenPackets[] {
  const groups = new Map<string, SeenPackets>()
  for (const { device, direction, src, sport, dst, dport } of packets) {
    const answers = doors.has(end(src, sport)) && !doors.has(end(dst, dport))
    const packet = answers ? `${end(src, sport)} -> ${dst}` : `${src} -> ${end(dst, dport)}`
    const key = `${device ?? ''} ${direction ?? ''} ${packet}`
    const old = groups.get(key)
    groups.set(key, { device: device ?? '', direction, packet, answers, count: (old?.count ?? 0) + 1 })
  }
  return [...groups.values()]
}

export interface Last {
  /** null: it was seen nowhere. */
  readonly at: string | null
  /** False where packets of several connections were seen there: of another attempt, or of the job itself. */
  readonly certain: boolean
}

const got = new Set<Capture['outcome']>(['answered', 'connected', 'stalled', 'empty', 'reset'])

/** Where the packet was last seen on its way to the target, in the order of the walk; undefined where the target took it. */
export function lastSeen(capture: Capture, walk: PathWalk): Last | undefined {
  if (got.has(capture.outcome)) return undefined
  const seen = seenAlong(capture, walk)
  const where = seen.findLast(({ packets }) => packets.some(({ answers }) => !answers))
  const last = where?.packets.findLast(({ answers }) => !answers)
  if (!where || !last) return { at: null, certain: true }
  const device = last.device === '' ? '' : ` by ${last.device}`
  const at = `${where.place}, ${last.direction === null ? '' : `${last.direction}${device} `}as ${last.packet}`
  const doors = doorsOf(capture.watches)
  const there = capture.watches.find(({ namespace }) => namespace === where.namespace)?.packets ?? []
  const asked = there.filter(({ dst, dport }) => doors.has(end(dst, dport)))
  return { at, certain: new Set(asked.map(({ sport }) => sport)).size <= 1 }
}
