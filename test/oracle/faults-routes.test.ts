import { describe, expect, test } from 'vitest'
import type { Topology } from '../../src/packet/walk/index.ts'
import { outcomeMeasured } from './compare.ts'
import { call, judgedPath } from './judged-path.ts'
import { judge as measure } from './measure.ts'
import { missing } from './needs.ts'
import type { Name } from './site.ts'
import type { Mutation, Packet } from './world.ts'
import { staged } from './staged.ts'

// Routes and policy rules that let nothing on, each made for real, judged, and taken away by the commands of its cure.

type Ip = Extract<Mutation, { kind: 'ip' }>
const ip = (ns: Name, ...lines: readonly string[]): readonly Ip[] => lines.map((line) => ({ kind: 'ip', ns, line }))
const judged = (topology: Topology, packet: Packet) =>
  judgedPath(topology, packet, 'route-stops-packet', ['subnet-overlap-vpn', 'rule-drops-packet', 'rp-filter-strict'])
const without = ({ namespaces, joins }: Topology, name: Name): Topology => {
  const { routes4: _, routes6: __, ...rest } = namespaces[name]!
  return { namespaces: { ...namespaces, [name]: rest }, joins }
}

const six: Packet = { from: 'peer', proto: 'tcp', dst: 'fd99::1', dport: 25001 }

type Case = readonly [name: string, mutations: readonly Ip[], ends: string, packet?: Packet]
const cases: readonly Case[] = [
  ["a blackhole on the caller's client", ip('peer', 'route add blackhole 10.99.0.1'), 'silent'],
  ['one that is unreachable', ip('peer', 'route add unreachable 10.99.0.1 metric 5'), 'unreachable'],
  ['a prohibition of one half of the network', ip('peer', 'route add prohibit 10.99.0.0/25'), 'unreachable'],
  [
    'another table, by a policy rule',
    ip('peer', 'route add prohibit 10.99.0.0/16 table 100', 'rule add from 172.26.64.0/20 table 100 pref 100'),
    'unreachable',
  ],
  ['a policy rule that prohibits', ip('peer', 'rule add to 10.99.0.1 prohibit pref 100'), 'unreachable'],
  [
    'a policy rule that is a blackhole',
    ip('peer', 'rule add from 172.26.64.0/20 ipproto tcp blackhole pref 100'),
    'silent',
  ],
  [
    'a policy rule and a route',
    ip('peer', 'rule add to 10.99.0.1 unreachable pref 100', 'route add blackhole 10.99.0.1'),
    'unreachable',
  ],
  ["the caller's own namespace", ip('b1', 'route add blackhole 10.99.0.1'), 'unreachable'],
  ["the target's client", ip('host', 'route add blackhole 172.26.64.2'), 'silent'],
  ["the answer, on the target's client", ip('host', 'route add blackhole 10.99.0.2'), 'silent'],
  [
    "the answer, by a policy rule of the target's client",
    ip('host', 'rule add iif nomad to 10.99.0.0/24 prohibit pref 100'),
    'silent',
  ],
  ["the answer, in the target's namespace", ip('a1', 'route add unreachable 10.99.0.2'), 'silent'],
  ['IPv6', ip('peer', '-6 route add unreachable fd99::1'), 'unreachable', six],
  ['IPv6, a policy rule', ip('peer', '-6 rule add to fd99::/64 prohibit pref 100'), 'unreachable', six],
]

describe.skipIf(missing().length > 0)('made for real', () => {
  const stage = staged()

  const made = async (mutations: readonly Mutation[], packet = call) => {
    const world = { backend: 'iptables', cni: true, mutations, packets: [packet] } as const
    const [result] = await measure(stage(), world)
    const topology = await stage().make(world)
    const { cure, ...rest } = judged(topology, packet)
    return {
      found: { wrong: result?.wrong, outcome: result && outcomeMeasured(result.measured), ...rest },
      cure,
      topology,
    }
  }
  const whereIs = (label: string): Name => label.split(' ')[1] as Name

  test.each(cases.map(([name, mutations, ends, packet], index) => [name, mutations, ends, packet, index] as const))(
    'route-stops-packet: %s',
    async (_, mutations, ends, packet = call, index) => {
      const { found, cure, topology } = await made(mutations, packet)
      expect(found).toEqual({ wrong: undefined, outcome: ends, verdict: 'present', others: [] })
      const at = mutations[0]?.ns ?? 'host'
      expect(judged(without(topology, at), packet).verdict).toBe('unknown')
      const commands = cure.flatMap(({ on, run }) => (run ? [{ on, run }] : []))
      for (const { on, run } of commands) await stage().site.agents[whereIs(on)].must({ argv: run })
      const [answer] = await stage().site.agents[packet.from].attempt([{ ...packet, sport: 40_000 + index }], 1)
      expect(answer?.state).toBe('answered')
      await stage().make({ backend: 'iptables', cni: true, mutations: [], packets: [] })
    },
    60_000,
  )

  test.each<readonly [string, readonly Mutation[]]>([
    ['nothing', []],
    [
      'the way to others',
      ip('peer', 'route add blackhole 192.168.64.0/26', 'rule add to 10.98.0.0/16 prohibit pref 100'),
    ],
    [
      'less specific than the way',
      ip('peer', 'route add unreachable 10.0.0.0/8', 'route add prohibit default metric 900'),
    ],
    ['a table nobody asks', ip('peer', 'route add blackhole 10.99.0.0/24 table 100')],
    [
      'other callers',
      ip('host', 'rule add from 10.99.0.3 blackhole pref 100', 'rule add iif docker0 prohibit pref 101'),
    ],
  ])(
    'route-stops-packet: absent where it forbids %s',
    async (_, mutations) => {
      expect((await made(mutations)).found).toEqual({
        wrong: undefined,
        outcome: 'answered',
        verdict: 'absent',
        others: [],
      })
    },
    60_000,
  )
})
