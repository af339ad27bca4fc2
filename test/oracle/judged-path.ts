import { judge } from '../../src/engine/judge.ts'
import { faultById, type FaultId } from '../../src/knowledge/faults/index.ts'
import type { Topology } from '../../src/packet/walk/index.ts'
import type { GivenValues } from '../world.ts'
import { hostFacts, sited } from './judged.ts'
import type { Packet } from './world.ts'

/** The call of allocation b1 on peer to the host port of a1 on host. */
export const call: Packet = { from: 'b1', proto: 'tcp', dst: '10.99.0.1', dport: 25001 }
/** The same of the allocation beside it. */
export const nearCall: Packet = { ...call, from: 'a2' }

/** Who calls, and how the call comes to the target's client, which is the one that the facts of the host are of. */
const callers = {
  b1: { node: 'node:peer', in: 'eth0', source: '10.99.0.2' },
  a2: { node: 'node:example', in: 'nomad', source: '172.26.64.3' },
} as const
const callerOf = ({ from }: Packet): (typeof callers)['b1' | 'a2'] => callers[from === 'a2' ? 'a2' : 'b1']
const linksOf = (packet: Packet) => ({
  'source.node': callerOf(packet).node,
  'source.alloc': packet.from === 'a2' ? 'alloc:a2' : 'alloc:b1',
  'target.alloc': 'alloc:a1',
})

const given = (topology: Topology, packet: Packet): GivenValues => ({
  ...hostFacts(topology),
  'path.network': {
    topology,
    places: {
      host: { kind: 'client', label: 'client host', node: 'example' },
      peer: { kind: 'client', label: 'client peer', node: 'peer' },
      a1: { kind: 'alloc', label: 'allocation a1', node: 'example', alloc: 'a1' },
      a2: { kind: 'alloc', label: 'allocation a2', node: 'example', alloc: 'a2' },
      b1: { kind: 'alloc', label: 'allocation b1', node: 'peer', alloc: 'b1' },
    },
  },
  'path.dials': [{ host: packet.dst, port: packet.dport, from: 'env SERVER of task web' }],
  'path.registered': [],
  'path.attempts': [],
  'path.port': {
    label: 'http',
    number: null,
    mapped: { label: 'http', hostIp: '10.99.0.1', hostPort: 25001, to: 8080, hostNetwork: 'default' },
  },
  'path.inbound.way': {
    node: 'host',
    side: 'target',
    mode: 'bridge',
    address: '10.99.0.1',
    in: callerOf(packet).in,
    out: 'nomad',
    port: 25001,
    inside: { address: '172.26.64.2', port: 8080 },
    sources: [callerOf(packet).source],
    ...(packet.proto === 'udp' ? { proto: 'udp' } : {}),
  },
  'path.outbound.way': null,
  'every.node.allocations': [],
  'target.alloc.listeners': [],
  'path.caller-namespace': packet.from === 'b1' || packet.from === 'a2' ? 'group' : 'host',
})

/** How a fault of the path is judged by what was read of the site, with its cure, and which of the others are there. */
export function judgedPath(topology: Topology, packet: Packet, id: FaultId, others: readonly FaultId[]) {
  // A person names the protocol with the address.
  const told = packet.proto === 'udp' ? { dials: `udp:${packet.dst}:${packet.dport}` } : {}
  const { thing, world } = sited('path', given(topology, packet), linksOf(packet), told)
  const of = (one: FaultId) => judge(faultById.get(one)!, thing, world)
  const found = of(id)
  return {
    verdict: found.verdict,
    others: others.filter((one) => of(one).verdict === 'present'),
    cure: found.verdict === 'present' ? faultById.get(id)!.fix(found.given) : [],
  }
}
