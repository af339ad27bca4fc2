import { describe, expect, test } from 'vitest'
import { outcomeOf } from '../../src/packet/walk/index.ts'
import { outcomeMeasured } from './compare.ts'
import { judge } from './measure.ts'
import { missing } from './needs.ts'
import type { Name } from './site.ts'
import type { Mutation, Packet } from './world.ts'
import { staged } from './staged.ts'

// Devices that are modelled, and those that are not: these give unknown by their name, whatever becomes of a packet.

const ip = (ns: Name, line: string): Mutation => ({ kind: 'ip', ns, line })
const on = (ns: Name, device: string, address: string): readonly Mutation[] => [
  ip(ns, `link set ${device} up`),
  ip(ns, `addr add ${address} dev ${device}`),
]
const macvlan = (mode: string): readonly Mutation[] =>
  (['a2', 'd1'] as const).flatMap((ns, i) => [
    ip(ns, `link set mac0 type macvlan mode ${mode}`),
    ...on(ns, 'mac0', `10.99.0.3${i}/24`),
  ])
const vxlan = (ns: Name, remote: string, address: string): readonly Mutation[] => [
  ip(ns, `link add vx0 type vxlan id 5 remote ${remote} dstport 4789 dev eth0`),
  ...on(ns, 'vx0', address),
]
const ask = (from: Name, dst: string): Packet => ({ from, proto: 'tcp', dst, dport: 8080 })

const cases: readonly (readonly [
  what: string,
  made: readonly Mutation[],
  packet: Packet,
  really: string,
  walk: string,
])[] = [
  ['macvlan bridge, to its sibling', macvlan('bridge'), ask('a2', '10.99.0.31'), 'answered', 'answered'],
  ['macvlan private, to its sibling', macvlan('private'), ask('a2', '10.99.0.31'), 'unreachable', 'unreachable'],
  ['macvlan private, to another machine', macvlan('private'), ask('a2', '10.99.0.3'), 'answered', 'answered'],
  ['macvlan private, from another machine', macvlan('private'), ask('client', '10.99.0.30'), 'answered', 'answered'],
  [
    'macvlan vepa, to its sibling',
    macvlan('vepa'),
    ask('a2', '10.99.0.31'),
    'unreachable',
    'nobody known has 10.99.0.31: whether the network sends frames of mac0 of a2 back is not known',
  ],
  ['macvlan vepa, to another machine', macvlan('vepa'), ask('a2', '10.99.0.3'), 'answered', 'answered'],
  ['macvlan, from its own host', macvlan('bridge'), ask('host', '10.99.0.30'), 'unreachable', 'unreachable'],
  ['macvlan, to its own host', macvlan('bridge'), ask('d1', '10.99.0.1'), 'unreachable', 'unreachable'],
  [
    'vxlan',
    [...vxlan('host', '10.99.0.2', '10.55.0.1/24'), ...vxlan('peer', '10.99.0.1', '10.55.0.2/24')],
    ask('host', '10.55.0.2'),
    'answered',
    'nobody known has 10.55.0.2: vx0 of host is a device of kind vxlan, which is not modelled',
  ],
  [
    'vxlan in a bridge, to a container that is known',
    [...vxlan('host', '10.99.0.2', '10.55.0.1/24'), ip('host', 'link set vx0 master nomad')],
    ask('client', '10.99.0.1'),
    'answered',
    'answered',
  ],
  [
    'tun',
    [ip('host', 'tuntap add dev tun0 mode tun'), ...on('host', 'tun0', '10.66.0.1/24')],
    ask('host', '10.66.0.2'),
    'silent',
    'tun0 of host is a device of kind tun, which is not modelled',
  ],
]

describe.skipIf(missing().length > 0)('devices', () => {
  const stage = staged()

  test.each(cases)('%s', async (_, mutations, packet, really, said) => {
    const [result] = await judge(stage(), { backend: 'iptables', cni: true, mutations, packets: [packet] })
    const traces = result?.traces ?? []
    const walked = traces.map((trace) => (trace.verdict.kind === 'unknown' ? trace.verdict.because : outcomeOf(trace)))
    expect([result && outcomeMeasured(result.measured), ...new Set(walked)]).toEqual([really, said])
    expect(result?.wrong).toBeUndefined()
  })
})
