import { describe, expect, test } from 'vitest'
import { readCniFile } from '../../src/derive/rules/cni-file.ts'
import type { FaultId } from '../../src/knowledge/faults/index.ts'
import { outbound } from '../../src/knowledge/crossing-samples.ts'
import { nodeDocument, record } from '../../src/knowledge/samples.ts'
import type { BridgePlan } from '../../src/knowledge/shapes/crossing.ts'
import type { Attempt } from '../../src/knowledge/shapes/runtime.ts'
import type { Topology } from '../../src/packet/walk/index.ts'
import type { GivenValues } from '../world.ts'
import { plugins } from './cni.ts'
import { outcomeMeasured } from './compare.ts'
import { hostFacts, judged, verdictOf } from './judged.ts'
import { judge as measure, type Measured } from './measure.ts'
import { missing } from './needs.ts'
import type { Mutation, Packet } from './world.ts'
import { staged } from './staged.ts'

// Faults of one allocation's network or one client's addresses, each made for real and repaired, and judged by what is read back.

const ip = (ns: 'host' | 'client' | 'a1', line: string): Mutation => ({ kind: 'ip', ns, line })
const nat = (chain: string, rule: string): Mutation => ({
  kind: 'rule',
  ns: 'host',
  family: 4,
  table: 'nat',
  chain,
  at: 0,
  rule,
})
const setting = (key: string, value: string): Mutation => ({ kind: 'setting', ns: 'host', key, value })
const ask = (from: Packet['from'], dst: string, dport: number): Packet => ({ from, proto: 'tcp', dst, dport })

/** The facts of a set-up, and whether it is the one with the fault. */
type Facts = (topology: Topology, mutations: readonly Mutation[]) => GivenValues

const inbound = {
  node: 'host',
  side: 'target',
  mode: 'bridge',
  address: '10.99.0.1',
  in: 'eth0',
  out: 'nomad',
} as const
const mapped = (hostPort: number) => ({
  label: 'http',
  number: null,
  mapped: { label: 'http', hostIp: '10.99.0.1', hostPort, to: 8080, hostNetwork: 'default' },
})

/** What was tried on the way from one client to the other, and what both have of rules. */
const between = (topology: Topology, [remote, local]: readonly Measured[]): GivenValues => ({
  ...hostFacts(topology),
  'path.place': 'other-client',
  'path.ends': { remote: tried(remote!, 'source'), local: tried(local!, 'target-node'), others: false },
  'path.inbound.way': {
    ...inbound,
    port: 25001,
    inside: { address: '172.26.64.2', port: 8080 },
    sources: ['10.99.0.2'],
  },
  'path.host-address': { address: '10.99.0.1', device: 'eth0', default: 'eth0', routed: true, better: null },
  'path.outbound.way': null,
  // The rules of both clients are CNI's own; what drops is on the cable.
  'path.let-through': true,
  'path.network': { topology, places: {} },
  'path.past': [],
  'path.followed': true,
  'path.attempts': [],
})
const tried = (measured: Measured, from: Attempt['from'], host = '10.99.0.1', port = 25001): Attempt => ({
  from,
  place: from,
  host,
  port,
  outcome: measured.answer.state === 'answered' ? 'answered' : 'timed-out',
  ms: 1300,
})

const loopback: Facts = ({ namespaces }) => ({
  'group.network.mode': 'cni',
  'alloc.status': 'running',
  'alloc.record': record('a1'),
  'alloc.links': namespaces['a1']?.links,
})

/** Caller and target are one allocation. */
const alone = {
  'source.node': 'node:host',
  'source.alloc': 'alloc:a1',
  'target.node': 'node:host',
  'target.alloc': 'alloc:a1',
}
const toItself: Facts = (topology) => ({
  'path.network': {
    topology,
    places: {
      host: { kind: 'client', label: 'client host', node: 'host' },
      a1: { kind: 'alloc', label: 'allocation a1', node: 'host', alloc: 'a1' },
    },
  },
  'path.entry': 'self',
  'path.dials': [{ host: '10.99.0.1', port: 25001, from: 'env PEERS of task web' }],
  'path.registered': [],
  'path.port': mapped(25001),
  'path.inbound.way': null,
  'every.node.allocations': [],
  'target.alloc.listeners': [],
  'path.caller-namespace': 'group',
})

const scoped: Facts = (topology) => ({
  ...hostFacts(topology),
  'target.group.network.mode': 'bridge',
  'path.place': 'outside',
  'path.discovery': 'load-balancer',
  'path.dials': [{ host: '10.98.0.1', port: 25002, from: 'case' }],
  'path.port': mapped(25002),
  'path.inbound.way': {
    ...inbound,
    port: 25002,
    inside: { address: '172.26.64.3', port: 8080 },
    sources: ['10.99.0.3'],
  },
  'target.node.document': nodeDocument({
    name: 'host',
    hostNetworks: [{ name: 'backend', cidr: '10.98.0.0/24', interface: '', reservedPorts: '' }],
  }),
})

const plan: BridgePlan = { name: 'nomad', subnet: '172.26.64.0/20', wrong: [], around: null, docker: false }

/** As `docker network inspect` prints the network of the device docker0. */
const beside: Facts = ({ namespaces: { host } }) => ({
  'node.bridge.plan': plan,
  'node.docker.networks': [
    {
      name: 'bridge',
      subnets: (host?.links?.find(({ name }) => name === 'docker0')?.addresses ?? [])
        .filter(({ family }) => family === 4)
        .map(({ address, prefix }) => `${address}/${prefix}`),
    },
  ],
})

/** Out of a network whose plugins masquerade or do not; what was tried from the allocation and from its client. */
const outwards = (topology: Topology, masked: boolean, [own, client]: readonly Measured[]): GivenValues => ({
  ...Object.fromEntries(
    Object.entries(hostFacts(topology)).map(([key, value]) => [key.replace('target.', 'source.'), value]),
  ),
  'source.group.network.mode': 'cni',
  'source.alloc.status': 'running',
  'source.alloc.cni.network': readCniFile(
    'lan.conflist',
    JSON.stringify({
      name: 'lan',
      plugins: plugins('/var/lib/cni', []).map((one) => (one.type === 'bridge' ? { ...one, ipMasq: masked } : one)),
    }),
  ).network,
  'path.inbound.way': null,
  'path.inbound.translation': null,
  'path.outbound.way': outbound({
    node: 'host',
    mode: 'cni',
    sources: ['172.26.64.2'],
    address: '192.0.2.10',
    port: 8080,
  }),
  'path.attempts': [tried(own!, 'source', '192.0.2.10', 8080), tried(client!, 'source-node', '192.0.2.10', 8080)],
  'path.walks': [],
})

const unmasked = nat('POSTROUTING', '-s 172.26.64.2/32 -j ACCEPT')
const noWayBack = ip('client', 'route del 172.26.64.0/20')
const inTheBridge = [ip('host', 'addr add 172.26.64.9/28 dev docker0')]
const anyAddress = nat('CNI-HOSTPORT-DNAT', '-p tcp -m tcp --dport 25002 -j DNAT --to-destination 172.26.64.3:8080')

type Case = readonly [
  fault: FaultId,
  name: string,
  packet: Packet,
  mutations: readonly Mutation[],
  ends: string,
  facts: Facts,
]
const self = ask('a1', '10.99.0.1', 25001)
const other = ask('client', '10.98.0.1', 25002)
const door = ask('client', '10.99.0.1', 25001)
const own = ask('a1', '127.0.0.1', 8082)

const broken: readonly Case[] = [
  ['cni-no-loopback', 'lo is down', own, [ip('a1', 'link set lo down')], 'silent', loopback],
  ['bridge-hairpin-self', 'its own host port', self, [], 'silent', toItself],
  ['host-network-disables-wildcard', 'the other address', other, [], 'refused', scoped],
  ['subnet-overlap-docker', "docker0 within Nomad's bridge", door, inTheBridge, 'unreachable', beside],
]
const hairpin = ip('host', 'link set vetha1 type bridge_slave hairpin on')
const repaired: readonly Case[] = [
  ['cni-no-loopback', 'lo is up', own, [], 'answered', loopback],
  ['bridge-hairpin-self', 'hairpin is on', self, [hairpin], 'answered', toItself],
  [
    'bridge-hairpin-self',
    'bridged frames meet no rules',
    self,
    [setting('net.bridge.bridge-nf-call-iptables', '0')],
    'answered',
    toItself,
  ],
  ['host-network-disables-wildcard', 'a rule without address', other, [anyAddress], 'answered', scoped],
  ['subnet-overlap-docker', 'docker0 has its own', door, [], 'answered', beside],
]

describe.skipIf(missing().length > 0)('made for real', () => {
  const stage = staged()

  const made = async ([id, , packet, mutations, , facts]: Case) => {
    const world = { backend: 'iptables', cni: true, mutations, packets: [packet] } as const
    const [result] = await measure(stage(), world)
    return {
      wrong: result?.wrong,
      outcome: result && outcomeMeasured(result.measured),
      verdict: verdictOf(id, facts(await stage().make(world), mutations), id === 'bridge-hairpin-self' ? alone : {}),
    }
  }
  test.each(broken)(
    '%s: %s',
    async (...one) => {
      expect(await made(one)).toEqual({ wrong: undefined, outcome: one[4], verdict: 'present' })
    },
    60_000,
  )
  test.each(repaired)(
    'repaired, %s: %s',
    async (...one) => {
      expect(await made(one)).toEqual({ wrong: undefined, outcome: one[4], verdict: 'absent' })
    },
    60_000,
  )

  test.each([
    ['nobody has a way back', [unmasked, noWayBack], 'breaks', ['silent', 'answered']],
    ['others have a way back', [unmasked], 'absent', ['answered', 'answered']],
    ['it is masqueraded', [noWayBack], 'absent', ['answered', 'answered']],
  ] as const)(
    'cni-no-masquerade: %s',
    async (_, mutations, expected, states) => {
      const packets = [ask('a1', '192.0.2.10', 8080), ask('host', '192.0.2.10', 8080)]
      const world = { backend: 'iptables', cni: true, mutations, packets } as const
      const measured = (await measure(stage(), world)).map((one) => one.measured)
      expect(measured.map(({ answer }) => answer.state)).toEqual(states)
      const facts = outwards(await stage().make(world), !mutations.some((one) => one === unmasked), measured)
      const found = judged('cni-no-masquerade', facts)
      expect(found.verdict === 'present' ? found.severity : found.verdict).toBe(expected)
    },
    60_000,
  )

  test('client-to-client-blocked: what lies between the clients drops it, and lets it through again', async () => {
    const cable = stage().site.agents.switch
    const packets = [ask('b1', '10.99.0.1', 25001), ask('host', '10.99.0.1', 25001)]
    const world = { backend: 'iptables', cni: true, mutations: [], packets } as const
    const met = async () => {
      const measured = (await measure(stage(), world, false)).map((one) => one.measured)
      const verdict = verdictOf('node-to-node-blocked', between(await stage().make(world), measured))
      return [verdict, ...measured.map(({ answer }) => answer.state)]
    }
    const blocked = `table bridge between { chain cable { type filter hook forward priority 0; tcp dport 25001 drop; }; }`
    await cable.must({ argv: ['nft', '-f', '-'], stdin: blocked })
    expect(await met()).toEqual(['present', 'silent', 'answered'])
    await cable.must({ argv: ['nft', 'delete', 'table', 'bridge', 'between'] })
    expect(await met()).toEqual(['absent', 'answered', 'answered'])
  }, 60_000)
})
