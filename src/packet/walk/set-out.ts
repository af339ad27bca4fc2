import type { Range } from '../ip-route.ts'
import { anyoneFrom } from './anyone.ts'
import { passedOver } from './beyond.ts'
import type { Beyond } from './beyond.ts'
import type { Choices } from './choices.ts'
import { indexOf } from './indexed.ts'
import { output } from './output.ts'
import { familyOfPacket, tupleOf } from './packet.ts'
import type { Packet } from './packet.ts'
import { bridgesToHooks } from './settings.ts'
import { end } from './stage.ts'
import type { Stage } from './stage.ts'
import { foreignSource } from './way.ts'
import { unknownAt } from './world.ts'
import type { Space, World } from './world.ts'
import type { NamespaceState, Start, Topology, Wanted } from './types.ts'

/** Rules of one walk: the largest rule sets are met a few times, a circle of jumps never ends. */
const mostRules = 2_000_000

/** The first stage of a packet: it is made in its namespace, or comes in by a device. */
export function begin(world: World, space: Space, packet: Packet, start: Start): Stage {
  if (start.arrives === undefined) {
    const foreign = foreignSource(world, space, packet)
    return foreign ? end(foreign) : output(world, space, packet, start.device)
  }
  world.asked = { namespace: space.name, arrives: start.arrives, tuple: tupleOf(packet) }
  const link = space.index.links.get(start.arrives)
  const where = { namespace: space.name, at: 'link', by: 'kernel', iif: start.arrives } as const
  if (!link) return end(unknownAt(where, `device ${start.arrives} is not known`))
  const down = { kind: 'dropped', why: `${start.arrives} is down`, by: where } as const
  if (!link.up && !passedOver(world, down)) return end(down)
  if (packet.src === '') return end(unknownAt(where, 'a packet from beyond needs a source'))
  // Through a port of the bridge, which the rules may ask for.
  if (link.kind === 'bridge' && bridgesToHooks(space, familyOfPacket(packet), start.arrives) !== false)
    packet.physin = null
  return { go: 'receive', space, dev: start.arrives }
}

export function worldOf(
  topology: Topology,
  start: Start,
  { sport, src }: Wanted,
  choices: Choices,
  beyond?: Pick<Beyond, 'meant'>,
): World {
  const spaces = new Map<string, Space>(
    Object.entries(topology.namespaces).map(([name, state]) => [name, { name, index: indexOf(state), flows: [] }]),
  )
  const own = spaces.get(start.namespace)?.index.state
  const from = spaces.get(start.namespace)
  const { arrives } = start
  const stands = start.anyone && from && arrives !== undefined && src !== undefined
  const ports = sport === undefined && own && start.arrives === undefined ? localPorts(own) : undefined
  return {
    topology,
    spaces,
    choices,
    ports,
    asked: undefined,
    anyone: stands ? anyoneFrom(from, arrives, src) : undefined,
    learned: new Map(),
    hops: [],
    chances: [],
    budget: mostRules,
    touched: new Map(),
    beyond: beyond && { ...beyond, passed: [], came: false },
  }
}

function localPorts({ sysctls }: NamespaceState): Range | undefined {
  const [from, to] = (sysctls?.['net.ipv4.ip_local_port_range'] ?? '').split(/\s+/).map(Number)
  return from !== undefined && to !== undefined && from > 0 && to >= from ? { from, to } : undefined
}

/** The kernel treats a mapped address as the IPv4 address in it. */
const unmapped = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')

const idOf = (id: number | null | undefined): number | undefined => (id === null ? undefined : (id ?? 0))

export function packetOf(
  start: Start,
  { proto, src = '', sport, dst, dport }: Wanted,
  ports: Range | undefined,
): Packet {
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
    ttlBy: undefined,
    tos: 0,
    flags: proto === 'tcp' ? ['SYN'] : [],
    owner: local ? { uid: idOf(start.uid), gid: idOf(start.gid) } : undefined,
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
