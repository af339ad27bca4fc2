import { familyOf } from '../ipaddr.ts'
import type { Range } from '../ip-route.ts'
import { answer } from './back.ts'
import { everyWay } from './choices.ts'
import type { Choices } from './choices.ts'
import { indexOf } from './indexed.ts'
import { travel } from './journey.ts'
import { output } from './output.ts'
import { tupleOf } from './packet.ts'
import type { Packet } from './packet.ts'
import { end } from './stage.ts'
import type { Stage } from './stage.ts'
import { foreignSource } from './way.ts'
import { unknownAt } from './world.ts'
import type { Space, World } from './world.ts'
import type { NamespaceState, Start, Topology, Trace, Verdict, Wanted } from './types.ts'

/** More ways than anybody reads. */
const mostWays = 32
/** Rules of one walk: the largest rule sets are met a few times, a circle of jumps never ends. */
const mostRules = 2_000_000

/** Follows a packet from its start to its end, and the answer back. Several traces: rules that match by chance. */
export function walk(topology: Topology, start: Start, wanted: Wanted): readonly Trace[] {
  const where = { namespace: start.namespace, at: 'route', by: 'kernel' } as const
  const nowhere = (because: string, tuple = { ...wanted, src: wanted.src ?? '' }): Trace => ({
    hops: [],
    verdict: unknownAt(where, because),
    tuple,
    chances: [],
  })
  if (familyOf(wanted.dst) === undefined) return [nowhere(`${wanted.dst} is no address`)]
  if (!Object.hasOwn(topology.namespaces, start.namespace)) return [nowhere('the namespace is not known')]
  const { found, truncated } = everyWay(mostWays, (choices) => run(topology, start, wanted, choices))
  const traces = found.filter((trace, i) => found.findIndex((other) => sameEnd(trace, other)) === i)
  return truncated ? [...traces, nowhere(`there are more than ${mostWays} ways`)] : traces
}

/** Ways that differ only in the order of chains and end alike are one. */
const sameEnd = (a: Trace, b: Trace): boolean => a === b || JSON.stringify(shape(a)) === JSON.stringify(shape(b))

const shape = ({ verdict, tuple, back, chances }: Trace): unknown => [
  verdict,
  tuple,
  back && [back.verdict, back.tuple],
  chances.filter(({ where }) => where.rule !== undefined),
]

function run(topology: Topology, start: Start, wanted: Wanted, choices: Choices): Trace {
  const world = worldOf(topology, start, wanted, choices)
  const packet = packetOf(start, wanted, world.ports)
  const space = world.spaces.get(start.namespace)
  const verdict = space ? (travel(world, packet, begin(world, space, packet, start)) as Verdict) : undefined
  const ended = verdict ?? unknownAt({ namespace: start.namespace, at: 'route', by: 'kernel' }, 'not walked')
  const tuple = tupleOf(packet)
  const { hops, chances } = world
  const back = answer(world, packet, ended)
  return { hops, verdict: ended, tuple, chances, ...(back ? { back } : {}) }
}

function begin(world: World, space: Space, packet: Packet, start: Start): Stage {
  if (start.arrives === undefined) {
    const foreign = foreignSource(world, space, packet)
    return foreign ? end(foreign) : output(world, space, packet, start.device)
  }
  world.asked = { namespace: space.name, arrives: start.arrives, tuple: tupleOf(packet) }
  const link = space.index.links.get(start.arrives)
  const where = { namespace: space.name, at: 'link', by: 'kernel', iif: start.arrives } as const
  if (!link) return end(unknownAt(where, `device ${start.arrives} is not known`))
  if (!link.up) return end({ kind: 'dropped', why: `${start.arrives} is down`, by: where })
  if (packet.src === '') return end(unknownAt(where, 'a packet from beyond needs a source'))
  return { go: 'receive', space, dev: start.arrives }
}

function worldOf(topology: Topology, start: Start, { sport }: Wanted, choices: Choices): World {
  const spaces = new Map<string, Space>(
    Object.entries(topology.namespaces).map(([name, state]) => [name, { name, index: indexOf(state), flows: [] }]),
  )
  const own = spaces.get(start.namespace)?.index.state
  const ports = sport === undefined && own && start.arrives === undefined ? localPorts(own) : undefined
  return {
    topology,
    spaces,
    choices,
    ports,
    asked: undefined,
    learned: new Map(),
    hops: [],
    chances: [],
    budget: mostRules,
  }
}

function localPorts({ sysctls }: NamespaceState): Range | undefined {
  const [from, to] = (sysctls?.get('net.ipv4.ip_local_port_range') ?? '').split(/\s+/).map(Number)
  return from !== undefined && to !== undefined && from > 0 && to >= from ? { from, to } : undefined
}

/** The kernel treats a mapped address as the IPv4 address in it. */
const unmapped = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')

function packetOf(start: Start, { proto, src = '', sport, dst, dport }: Wanted, ports: Range | undefined): Packet {
  const local = start.arrives === undefined
  return {
    proto,
    src: unmapped(src),
    sport,
    ports,
    dst: unmapped(dst),
    dport,
    mark: start.mark ?? 0,
    size: start.size ?? 60,
    df: start.df ?? true,
    ttl: 64,
    flags: proto === 'tcp' ? ['SYN'] : [],
    owner: local ? { uid: start.uid ?? 0, gid: start.gid ?? 0 } : undefined,
    track: undefined,
    untracked: false,
    pieces: false,
    zone: undefined,
    physin: undefined,
    physout: undefined,
    proxy: undefined,
    answers: false,
  }
}
