import type { Meant } from './beyond.ts'
import { replyTo } from './back.ts'
import { send } from './carry.ts'
import { everyWay, mostWays } from './choices.ts'
import type { Choices } from './choices.ts'
import { tupleOf } from './packet.ts'
import type { Packet } from './packet.ts'
import { receive } from './receive.ts'
import { begin, packetOf, worldOf } from './set-out.ts'
import type { Stage } from './stage.ts'
import type { Back, Hop, NamespaceState, Passed, Start, Tuple, Wanted } from './types.ts'
import { unknownAt } from './world.ts'
import type { Space, World } from './world.ts'

/** How a packet comes through one namespace, past everything that would end it there. */
export interface Crossing {
  readonly wanted: Wanted
  /** The device it came in by; missing: a program of the namespace sent it. */
  readonly arrives?: string
  readonly hops: readonly Hop[]
  /** What would have ended it, in order. */
  readonly passed: readonly Passed[]
  /** The packet as it leaves or ends. */
  readonly tuple: Tuple
  /** The device it leaves by, or the end that it could not be brought past. */
  readonly end: { readonly out: string } | { readonly verdict: Back['verdict'] }
  /** The answer on its way through the same namespace; missing where the packet did not leave. */
  readonly back?: { readonly hops: readonly Hop[]; readonly passed: readonly Passed[] }
}

/**
 * Follows a packet through one namespace, and its answer back. An end is noted and passed over, and what is meant but
 * not done is made up for: so every hook says what it makes of the packet it ought to get. Up to the first end it is a
 * walk. Several: rules that match by chance.
 */
export function cross(
  state: NamespaceState,
  start: Omit<Start, 'namespace'>,
  wanted: Wanted,
  meant: Meant,
): readonly Crossing[] {
  const { found, truncated } = everyWay(mostWays, (choices) => run(state, start, wanted, meant, choices))
  const [first] = found
  if (!truncated || !first) return found
  const where = { namespace: here, at: 'link', by: 'kernel' } as const
  const verdict = unknownAt(where, `there are more than ${mostWays} ways`)
  return [...found, { wanted, hops: [], passed: [], tuple: first.tuple, end: { verdict } }]
}

const here = 'here'

function run(
  state: NamespaceState,
  from: Omit<Start, 'namespace'>,
  wanted: Wanted,
  meant: Meant,
  choices: Choices,
): Crossing {
  const start: Start = { ...from, namespace: here }
  const world = worldOf({ namespaces: { [here]: state }, joins: [] }, start, wanted, choices, { meant })
  const { beyond } = world
  const space = world.spaces.get(here)
  if (!space || !beyond) throw new Error('a namespace that was made a moment ago is missing')
  const packet = packetOf(start, wanted, world.ports)
  const end = within(world, space, packet, begin(world, space, packet, start))
  const { arrives } = from
  const came = arrives === undefined ? {} : { arrives }
  const there = { wanted, ...came, hops: world.hops, passed: beyond.passed, tuple: tupleOf(packet), end }
  if (!('out' in end)) return there
  world.hops = []
  beyond.passed = []
  within(world, space, replyTo(packet, ['SYN', 'ACK']), { go: 'receive', space, dev: end.out })
  return { ...there, back: { hops: world.hops, passed: beyond.passed } }
}

/** More turns over the loopback device than any packet makes. */
const most = 20

function within(world: World, space: Space, packet: Packet, from: Stage): Crossing['end'] {
  let stage = from
  for (let i = 0; i < most; i += 1) {
    if (stage.go === 'end') return { verdict: stage.verdict }
    if (stage.go === 'send') {
      if (stage.way.dev !== 'lo') return { out: stage.way.dev }
      stage = send(world, space, packet, stage.way)
    } else if (stage.go === 'receive') {
      const { dev, early = false, arrived } = stage
      stage = receive({ world, space, packet, at: 'link', iif: dev, oif: '' }, early, arrived)
    } else break
  }
  return { verdict: { kind: 'looped', by: world.hops.at(-1) ?? { namespace: here, at: 'link', by: 'kernel' } } }
}
