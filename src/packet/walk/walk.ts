import { familyOf } from '../ipaddr.ts'
import { answer } from './back.ts'
import { everyWay, mostWays } from './choices.ts'
import type { Choices } from './choices.ts'
import { travel } from './journey.ts'
import { tupleOf } from './packet.ts'
import { begin, packetOf, worldOf } from './set-out.ts'
import { unknownAt } from './world.ts'
import type { Start, Topology, Trace, Verdict, Wanted } from './types.ts'

/** Follows a packet from its start to its end, and the answer back. Several traces: rules that match by chance. */
export const walk = (topology: Topology, start: Start, wanted: Wanted): readonly Trace[] =>
  follow(topology, start, wanted, false)

/**
 * The same past every rule, route and setting that ends the packet or its answer: each is noted in `passed`, and the way
 * goes on as if it were not there. A base chain that ends it counts as one that accepts. What is not known ends it still,
 * and so does a route that forbids where there is no other way.
 */
export const walkPast = (topology: Topology, start: Start, wanted: Wanted): readonly Trace[] =>
  follow(topology, start, wanted, true)

function follow(topology: Topology, start: Start, wanted: Wanted, past: boolean): readonly Trace[] {
  const where = { namespace: start.namespace, at: 'route', by: 'kernel' } as const
  const nowhere = (because: string, tuple = { ...wanted, src: wanted.src ?? '' }): Trace => ({
    hops: [],
    verdict: unknownAt(where, because),
    tuple,
    chances: [],
  })
  if (familyOf(wanted.dst) === undefined) return [nowhere(`${wanted.dst} is no address`)]
  if (!Object.hasOwn(topology.namespaces, start.namespace)) return [nowhere('the namespace is not known')]
  const { found, truncated } = everyWay(mostWays, (choices) => run(topology, start, wanted, choices, past))
  const traces = found.filter((trace, i) => found.findIndex((other) => sameEnd(trace, other)) === i)
  return truncated ? [...traces, nowhere(`there are more than ${mostWays} ways`)] : traces
}

/** Ways that differ only in the order of chains and end alike are one. */
const sameEnd = (a: Trace, b: Trace): boolean => a === b || JSON.stringify(shape(a)) === JSON.stringify(shape(b))

const shape = ({ verdict, tuple, back, chances, passed }: Trace): unknown => [
  verdict,
  tuple,
  passed,
  back && [back.verdict, back.tuple, back.passed],
  chances.filter(({ where }) => where.rule !== undefined),
]

function run(topology: Topology, start: Start, wanted: Wanted, choices: Choices, past: boolean): Trace {
  const world = worldOf(topology, start, wanted, choices, past ? { meant: undefined } : undefined)
  const packet = packetOf(start, wanted, world.ports)
  const space = world.spaces.get(start.namespace)
  const verdict = space ? (travel(world, packet, begin(world, space, packet, start)) as Verdict) : undefined
  const ended = verdict ?? unknownAt({ namespace: start.namespace, at: 'route', by: 'kernel' }, 'not walked')
  const tuple = tupleOf(packet)
  const { hops, chances, beyond } = world
  const passed = beyond && { passed: beyond.passed }
  const back = answer(world, packet, ended)
  return { hops, verdict: ended, tuple, chances, ...passed, ...(back ? { back } : {}) }
}
