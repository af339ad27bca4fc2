import type { Range } from '../ip-route.ts'
import { present } from '../parsed.ts'
import type { Anyone } from './anyone.ts'
import type { Beyond } from './beyond.ts'
import type { Choices } from './choices.ts'
import { tupleOf } from './packet.ts'
import type { Flow, Packet } from './packet.ts'
import type { Index } from './indexed.ts'
import type { Place } from './program.ts'
import type { Touch } from './touched.ts'
import type { Hop, Port, Topology, Trace, Tuple, Verdict, Where } from './types.ts'

/** One namespace and what the walk looks up in it. */
export interface Space {
  readonly name: string
  readonly index: Index
  /** Connections that began in this walk, newest last. */
  readonly flows: Flow[]
}

/** One walk: everything it changes is here. */
export interface World {
  readonly topology: Topology
  readonly spaces: ReadonlyMap<string, Space>
  readonly choices: Choices
  /** Where the sender's kernel takes a port from, when the packet has none. */
  readonly ports: Range | undefined
  /** Where the first packet was sent from and how its sender sees it. */
  asked: { readonly namespace: string; readonly arrives: string | undefined; readonly tuple: Tuple } | undefined
  /** Set where the source stands for anybody. */
  readonly anyone: Anyone | undefined
  /** Who asked a namespace for its link address: it knows theirs since, by namespace, device and address. */
  readonly learned: Map<string, Port>
  hops: Hop[]
  chances: Trace['chances'][number][]
  /** Rules left to look at: loops of jumps and hostile rule sets end here. */
  budget: number
  /** What rules changed in a set, by the set as it was read. */
  readonly touched: Map<object, readonly Touch[]>
  /** Set where the packet is followed past its ends. */
  readonly beyond: Beyond | undefined
}

/** Where a packet is: the devices are '' where there is none. */
export interface Sight {
  readonly world: World
  readonly space: Space
  readonly packet: Packet
  readonly at: Where['at']
  readonly iif: string
  readonly oif: string
  /** The rule of nftables that looks at it, where it draws a number. */
  readonly drawing?: Place
  /** The next hop, after routing. */
  readonly gateway?: string
  /** Looks the way out up again, at once when a rule changed what it depends on. */
  readonly reroute?: () => Verdict | undefined
}

export const unknownAt = (where: Where, because: string): Verdict => ({ kind: 'unknown', because, where })

export const whereOf = ({ space, at, iif, oif }: Sight, more: Partial<Where> = {}): Where =>
  present<Where>({
    namespace: space.name,
    at,
    by: 'kernel',
    iif: iif === '' ? undefined : iif,
    oif: oif === '' ? undefined : oif,
    ...more,
  })

/** Notes what happened to the packet; `before` is the tuple before it, when it changed. */
export function note(sight: Sight, does: string, more: Partial<Where> = {}, before?: Tuple): void {
  const { world, packet } = sight
  const after = tupleOf(packet)
  world.hops.push(present<Hop>({ ...whereOf(sight, more), does, before: before ?? after, after, mark: packet.mark }))
}

/** One of 0 … count-1 by chance. */
export function draw(sight: Sight, count: number): number {
  const { world, drawing } = sight
  const drawn = world.choices.choose(count)
  if (count > 1) world.chances.push({ where: whereOf(sight, drawing), matched: true, drawn })
  return drawn
}

/** A chance: whether it matched, as this run takes it. */
export function chance(world: World, where: Where): boolean {
  const matched = world.choices.choose(2) === 0
  world.chances.push({ where, matched })
  return matched
}
