import { describe, expect, test } from 'vitest'
import { outcomeMeasured } from './compare.ts'
import { call, judgedPath } from './judged-path.ts'
import { judge as measure } from './measure.ts'
import { missing } from './needs.ts'
import type { Mutation, Packet } from './world.ts'
import { staged } from './staged.ts'

// A rule of the caller's client that sends its call elsewhere, made for real, judged, and taken away by its cure.

const nat = (chain: string, rule: string): Mutation => ({
  kind: 'rule',
  ns: 'peer',
  family: 4,
  table: 'nat',
  chain,
  at: 0,
  rule,
})
const door = '-p tcp -m tcp --dport 25001'
/** Of both protocols: a port of Nomad has none, and the one is walked that arrives. */
const both = (chain: string, does: string): readonly Mutation[] =>
  ['tcp', 'udp'].map((proto) => nat(chain, `-p ${proto} -m ${proto} --dport 25001 -j ${does}`))
const served: Mutation = { kind: 'listen', ns: 'peer', proto: 'tcp', address: '0.0.0.0', port: 9099 }
const own: Packet = { ...call, from: 'peer' }
const table: Mutation = {
  kind: 'nft',
  ns: 'peer',
  text: 'table ip astray { chain calls { type nat hook prerouting priority -110; tcp dport 25001 redirect to :9099; }; }',
}

type Case = readonly [name: string, mutations: readonly Mutation[], ends: string, packet?: Packet]
const broken: readonly Case[] = [
  ['to itself', [nat('PREROUTING', `-i nomad ${door} -j REDIRECT --to-ports 9099`), served], 'answered'],
  ['to itself, and nobody is there', both('PREROUTING', 'REDIRECT --to-ports 9098'), 'refused'],
  ['to another machine', both('PREROUTING', 'DNAT --to-destination 10.99.0.3:9098'), 'refused'],
  ['to another port of the target', both('PREROUTING', 'DNAT --to-destination 10.99.0.1:9098'), 'refused'],
  ['of its own calls', both('OUTPUT', 'DNAT --to-destination 10.99.0.3:9098'), 'refused', own],
  ['by nftables', [table, served], 'answered'],
]
const healthy: readonly Case[] = [
  ['no rule', [], 'answered'],
  ['to the target itself', [nat('PREROUTING', `${door} -j DNAT --to-destination 10.99.0.1`)], 'answered'],
  ['of other ports', [nat('PREROUTING', '-p tcp -m tcp --dport 25009 -j REDIRECT --to-ports 9099')], 'answered'],
]

describe.skipIf(missing().length > 0)('made for real', () => {
  const stage = staged()

  const made = async ([, mutations, , packet = call]: Case) => {
    const world = { backend: 'iptables', cni: true, mutations, packets: [packet] } as const
    const [result] = await measure(stage(), world)
    const { cure, ...rest } = judgedPath(await stage().make(world), packet, 'hostport-claimed-by-other', [])
    return { found: { wrong: result?.wrong, outcome: result && outcomeMeasured(result.measured), ...rest }, cure }
  }
  test.each(broken.map((one, index) => [one[0], one, index] as const))(
    'hostport-claimed-by-other: %s',
    async (_, one, index) => {
      const [, , ends, packet = call] = one
      const { found, cure } = await made(one)
      expect(found).toEqual({ wrong: undefined, outcome: ends, verdict: 'present', others: [] })
      const commands = cure.flatMap(({ on, run }) => (run ? [{ on, run }] : []))
      expect(commands.map(({ on }) => on)).toEqual(['client peer'])
      for (const { run } of commands) await stage().site.agents.peer.must({ argv: run })
      const [answer] = await stage().site.agents[packet.from].attempt([{ ...packet, sport: 42_000 + index }], 1)
      expect(answer?.state).toBe('answered')
    },
    60_000,
  )
  test.each(healthy.map((one) => [one[0], one] as const))(
    'hostport-claimed-by-other: absent, %s',
    async (_, one) => {
      const { found } = await made(one)
      expect(found).toEqual({ wrong: undefined, outcome: one[2], verdict: 'absent', others: [] })
    },
    60_000,
  )
})
