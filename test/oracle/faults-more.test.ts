import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { derive } from '../../src/derive/derive.ts'
import { derivations } from '../../src/derive/index.ts'
import { readCniFile } from '../../src/derive/rules/cni-file.ts'
import { judge } from '../../src/engine/judge.ts'
import { faultById, type FaultId } from '../../src/knowledge/faults/index.ts'
import { nodeDocument } from '../../src/knowledge/samples.ts'
import type { NamespaceState, Topology } from '../../src/packet/walk/index.ts'
import { worldOf, type GivenValues } from '../world.ts'
import { Stage } from './apply.ts'
import { buildSite } from './build-site.ts'
import { plugins } from './cni.ts'
import { outcomeMeasured } from './compare.ts'
import { judge as measure } from './measure.ts'
import { missing } from './needs.ts'
import type { Mutation, Packet } from './world.ts'

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

const record = ({ sysctls }: NamespaceState): unknown => Object.fromEntries(sysctls ?? [])

/** What the probes would tell of the host, as the target's client. */
function hostFacts({ namespaces: { host } }: Topology): GivenValues {
  const { links, routes4, rules4, iptables4, nft, ipsets, tcp = [], udp = [] } = host!
  return {
    'target.node.links': links,
    'target.node.routes': routes4,
    'target.node.rules': rules4,
    'target.node.iptables': iptables4,
    'target.node.iptables.legacy': { ...iptables4, tables: [], backend: 'unknown' },
    'target.node.nft': nft,
    'target.node.ipsets': ipsets ?? [],
    'target.node.listeners': [...tcp, ...udp],
    'target.node.sysctls': record(host!),
  }
}

function verdictOf(id: FaultId, given: GivenValues): string {
  const fault = faultById.get(id)!
  const { world, thing } = worldOf(fault.about, given)
  const rules = derivations.filter(({ provides }) => !(provides in given))
  const [alloc, node] = ['target.alloc:example', 'target.node:example']
  const things = new Map(world.things)
  const target = things.get(alloc)
  if (target) things.set(alloc, { ...target, links: { ...target.links, node } })
  return judge(fault, thing, derive({ ...world, things }, rules)).verdict
}

/** The facts of a set-up, and whether it is the one with the fault. */
type Facts = (topology: Topology, mutations: readonly Mutation[]) => GivenValues

const mapped = (hostPort: number) => ({
  label: 'http',
  number: null,
  mapped: { label: 'http', hostIp: '10.99.0.1', hostPort, to: 8080, hostNetwork: 'default' },
})

const loopback: Facts = ({ namespaces }) => ({
  'group.network.mode': 'cni',
  'alloc.status': 'running',
  'alloc.links': namespaces['a1']?.links,
})

const toItself: Facts = (topology) => ({
  ...hostFacts(topology),
  'path.entry': 'self',
  'path.dials': [{ host: '10.99.0.1', port: 25001, from: 'env PEERS of task web' }],
  'path.port': mapped(25001),
  'target.alloc.links': topology.namespaces['a1']?.links,
})

const scoped: Facts = (topology) => ({
  ...hostFacts(topology),
  'target.group.network.mode': 'bridge',
  'path.place': 'outside',
  'path.discovery': 'load-balancer',
  'path.dials': [{ host: '10.98.0.1', port: 25002, from: 'case' }],
  'path.port': mapped(25002),
  'path.inbound.way': {
    node: 'host',
    side: 'target',
    mode: 'bridge',
    address: '10.99.0.1',
    port: 25002,
    in: 'eth0',
    out: 'nomad',
    inside: { address: '172.26.64.3', port: 8080 },
    sources: ['10.99.0.3'],
  },
  'target.node.document': nodeDocument({
    name: 'host',
    hostNetworks: [{ name: 'backend', cidr: '10.98.0.0/24', interface: '', reservedPorts: '' }],
  }),
})

/** As `docker network inspect` prints the network of the device docker0. */
const beside: Facts = ({ namespaces: { host } }) => ({
  'node.bridge.plan': { name: 'nomad', subnet: '172.26.64.0/20', docker: false },
  'node.docker.networks': [
    {
      name: 'bridge',
      subnets: (host?.links?.find(({ name }) => name === 'docker0')?.addresses ?? [])
        .filter(({ family }) => family === 4)
        .map(({ address, prefix }) => `${address}/${prefix}`),
    },
  ],
})

/** The list of the plugins that made the network; without masquerading the rule of the bridge plugin is not there. */
const oneWay: Facts = (_, mutations) => {
  const list = plugins('/var/lib/cni', []).map((one) =>
    one.type === 'bridge' ? { ...one, ipMasq: !mutations.includes(unmasked) } : one,
  )
  return {
    'group.network.mode': 'cni',
    'alloc.status': 'running',
    'alloc.cni.network': readCniFile('lan.conflist', JSON.stringify({ name: 'lan', plugins: list })).network,
  }
}

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
const out = ask('a1', '192.0.2.10', 8080)
const other = ask('client', '10.98.0.1', 25002)
const door = ask('client', '10.99.0.1', 25001)
const own = ask('a1', '127.0.0.1', 8082)

const broken: readonly Case[] = [
  ['cni-no-loopback', 'lo is down', own, [ip('a1', 'link set lo down')], 'silent', loopback],
  ['bridge-hairpin-self', 'its own host port', self, [], 'silent', toItself],
  ['host-network-disables-wildcard', 'the other address', other, [], 'refused', scoped],
  ['subnet-overlap-docker', "docker0 within Nomad's bridge", door, inTheBridge, 'unreachable', beside],
  ['cni-no-masquerade', 'nobody has a way back', out, [unmasked, noWayBack], 'silent', oneWay],
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
  ['cni-no-masquerade', 'it is masqueraded', out, [noWayBack], 'answered', oneWay],
]

describe.skipIf(missing().length > 0)('made for real', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = new Stage(await buildSite(), 'iptables')
  }, 60_000)
  afterAll(() => stage.site.stop())

  const made = async ([id, , packet, mutations, , facts]: Case) => {
    const world = { backend: 'iptables', cni: true, mutations, packets: [packet] } as const
    const [result] = await measure(stage, world)
    return {
      wrong: result?.wrong,
      outcome: result && outcomeMeasured(result.measured),
      verdict: verdictOf(id, facts(await stage.make(world), mutations)),
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
})
