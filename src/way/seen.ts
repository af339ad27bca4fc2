import type { Capture, Watch } from '../knowledge/shapes/capture.ts'
import { placeOf } from './visits.ts'
import type { PathWalk, Tuple } from './walked.ts'

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

/** The places of the walk with what was seen there of its connection. */
export function seenAlong({ watches }: Capture, walk: PathWalk): readonly SeenAt[] {
  const [doors, ports] = [doorsOf(watches), portsOf(watches, walk)]
  return watches.map(({ namespace, packets, why }) => {
    const expected = tuplesAt(walk, namespace)
    // Another connection may have the same addresses at another place; a translation may leave ours with other ones.
    const own = (packets ?? []).filter((one) => {
      const back = isAnswer(one, doors)
      const ask = back ? { src: one.dst, dst: one.src, dport: one.sport } : one
      return ports.size === 0 || ports.has(back ? one.dport : one.sport) || expected.has(tuple(ask))
    })
    return {
      namespace,
      place: placeOf(walk.places, namespace).label,
      packets: grouped(own, doors),
      why: packets === null ? (why ?? 'not known') : null,
    }
  })
}

const isAnswer = ({ src, sport, dst, dport }: Captured, doors: ReadonlySet<string>): boolean =>
  doors.has(end(src, sport)) && !doors.has(end(dst, dport))

/** The ports the walk's packets were sent from. */
const portsOf = (watches: readonly Watch[], walk: PathWalk): ReadonlySet<number> => {
  const [doors, expected] = [doorsOf(watches), tuplesAt(walk, walk.start.namespace)]
  const sent = watches.filter(({ namespace }) => namespace === walk.start.namespace)
  return new Set(
    sent
      .flatMap(({ packets }) => packets ?? [])
      .filter((one) => doors.has(end(one.dst, one.dport)) && expected.has(tuple(one)))
      .map(({ sport }) => sport),
  )
}

/** The target's ends: where the first packets of connections go to. */
function doorsOf(watches: readonly Watch[]): ReadonlySet<string> {
  const all = watches.flatMap(({ packets }) => packets ?? [])
  const asks = all.filter(({ proto, flags }) => proto === 'udp' || flags === 'S')
  return new Set(asks.map(({ dst, dport }) => end(dst, dport)))
}

function grouped(packets: readonly Captured[], doors: ReadonlySet<string>): readonly SeenPackets[] {
  const groups = new Map<string, SeenPackets>()
  for (const one of packets) {
    const { device, direction, src, sport, dst, dport } = one
    const answers = isAnswer(one, doors)
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
  /** False where it cannot be told from another attempt, or from a connection of the job itself. */
  readonly certain: boolean
}

const got = new Set<Capture['outcome']>(['answered', 'connected', 'stalled', 'empty', 'reset'])

const tuple = ({ src, dst, dport }: Pick<Tuple, 'src' | 'dst' | 'dport'>): string => `${src} ${end(dst, dport ?? 0)}`

/** As which packets the walk comes by a place, on both sides of its NAT. */
const tuplesAt = ({ traces }: PathWalk, namespace: string): ReadonlySet<string> =>
  new Set(
    traces.flatMap(({ hops }) =>
      hops.filter((hop) => hop.namespace === namespace).flatMap(({ before, after }) => [tuple(before), tuple(after)]),
    ),
  )

/**
 * Where the packet was last seen on its way to the target, in the order of the walk; undefined where the target took it.
 * It is known by the port it was sent from; others who call the same target at the same time have ports of their own.
 */
export function lastSeen(capture: Capture, walk: PathWalk): Last | undefined {
  if (got.has(capture.outcome)) return undefined
  const doors = doorsOf(capture.watches)
  const asks = capture.watches.map(({ namespace, packets }) => ({
    namespace,
    packets: (packets ?? []).filter(({ dst, dport }) => doors.has(end(dst, dport))),
    expected: tuplesAt(walk, namespace),
  }))
  const ports = portsOf(capture.watches, walk)
  // A translation may have changed the port; what looks like the walk's packet may be ours, then.
  const likely = asks.map(({ namespace, packets, expected }) => ({
    namespace,
    own: packets.filter(({ sport }) => ports.has(sport)),
    alike: packets.filter((one) => expected.has(tuple(one))),
  }))
  const where = likely.findLast(({ own, alike }) => own.length > 0 || alike.length > 0)
  const last = where?.own.at(-1) ?? where?.alike.at(-1)
  if (!where || !last) return { at: null, certain: true }
  const device = last.device === null || last.device === '' ? '' : ` by ${last.device}`
  const way = last.direction === null ? '' : `${last.direction}${device} `
  const place = placeOf(walk.places, where.namespace).label
  return {
    at: `${place}, ${way}as ${last.src} -> ${end(last.dst, last.dport)}`,
    certain: ports.size === 1 && where.own.length > 0,
  }
}
