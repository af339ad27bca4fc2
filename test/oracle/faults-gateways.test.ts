import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { faultById, type FaultId } from '../../src/knowledge/faults/index.ts'
import type { Topology } from '../../src/packet/walk/index.ts'
import type { GivenValues } from '../world.ts'
import { outcomeMeasured } from './compare.ts'
import { judged } from './judged.ts'
import { judge as measure } from './measure.ts'
import { missing } from './needs.ts'
import type { Mutation, Packet } from './world.ts'
import { staged } from './staged.ts'

// What the bridge loses of its addresses, made for real, judged, and given back by the commands of the cure.

const facts = ({ namespaces: { host, a1 } }: Topology): GivenValues => ({
  'group.network.mode': 'bridge',
  'alloc.namespace-kind': 'own',
  'alloc.status': 'running',
  'alloc.links': a1?.links,
  'alloc.routes': a1?.routes4,
  'alloc.routes6': a1?.routes6,
  'node.links': host?.links,
})
const four: Packet = { from: 'peer', proto: 'tcp', dst: '10.99.0.1', dport: 25001 }
const six: Packet = { ...four, dst: 'fd99::1' }
const ip = (line: string): Mutation => ({ kind: 'ip', ns: 'host', line })

type Case = readonly [
  name: string,
  fault: FaultId,
  mutation: Mutation,
  ends: readonly string[],
  cure: readonly string[],
]
const cases: readonly Case[] = [
  [
    'its IPv6 address',
    'bridge-address-missing',
    ip('addr del fd00:a110::1/64 dev nomad'),
    ['answered', 'silent'],
    ['ip addr add fd00:a110::1/64 dev nomad'],
  ],
  [
    'its IPv4 address',
    'bridge-address-missing',
    ip('addr del 172.26.64.1/20 dev nomad'),
    ['silent', 'answered'],
    ['ip addr add 172.26.64.1/20 dev nomad'],
  ],
  [
    'what goes when it is set down',
    'bridge-down',
    ip('link set nomad down'),
    ['silent', 'silent'],
    ['ip link set nomad up', 'ip addr add fd00:a110::1/64 dev nomad'],
  ],
]

describe.skipIf(missing().length > 0)('made for real', () => {
  const stage = staged()

  const made = async (mutations: readonly Mutation[], fault: FaultId) => {
    const world = { backend: 'iptables', cni: true, mutations, packets: [four, six] } as const
    const results = await measure(stage(), world)
    const found = judged(fault, facts(await stage().make(world)))
    return {
      wrong: results.map((one) => one.wrong),
      outcomes: results.map(({ measured }) => outcomeMeasured(measured)),
      found,
    }
  }

  test.each(cases.map((one, index) => [...one, index] as const))(
    'the bridge loses %s: %s',
    async (_, fault, mutation, ends, cure, index) => {
      const { found, ...rest } = await made([mutation], fault)
      expect(rest).toEqual({ wrong: [undefined, undefined], outcomes: ends })
      expect(found.verdict).toBe('present')
      const steps = found.verdict === 'present' ? faultById.get(fault)!.fix(found.given) : []
      const commands = steps.flatMap(({ run }) => (run ? [run] : []))
      expect(commands.map((run) => run.join(' '))).toEqual(cure)
      const { host, peer } = stage().site.agents
      // As on a client: the link-local address comes by itself, and is here a fixed one otherwise.
      const generated = (mode: string) =>
        host.must({ argv: ['sysctl', '-w', `net.ipv6.conf.nomad.addr_gen_mode=${mode}`] })
      await generated('0')
      for (const run of commands) await host.must({ argv: run })
      // An IPv6 address is used only once nobody else was found to have it.
      await setTimeout(2500)
      for (const [at, packet] of [four, six].entries()) {
        const [answer] = await peer.attempt([{ ...packet, sport: 41_000 + 10 * index + at }], 1)
        expect(answer?.state).toBe('answered')
      }
      await generated('1')
      const { found: after, outcomes } = await made([], fault)
      expect([after.verdict, ...outcomes]).toEqual(['absent', 'answered', 'answered'])
    },
    60_000,
  )
})
