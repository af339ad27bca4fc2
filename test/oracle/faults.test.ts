import { describe, expect, test } from 'vitest'
import type { FaultId } from '../../src/knowledge/faults/index.ts'
import { record } from '../../src/knowledge/samples.ts'
import type { WalkPlace } from '../../src/knowledge/shapes/walk.ts'
import type { NamespaceState, Topology } from '../../src/packet/walk/index.ts'
import { commands, makeCounters, makeSysctls } from '../../src/probes/kernel.ts'
import type { GivenValues } from '../world.ts'
import { outcomeMeasured } from './compare.ts'
import { verdictOf as judged } from './judged.ts'
import { firewalld } from './managed.ts'
import { judge as measure } from './measure.ts'
import { missing } from './needs.ts'
import { staged } from './staged.ts'
import type { Mutation, Packet, World } from './world.ts'

// Faults about rules and routes, each made for real and repaired, measured, and judged by what is read back.

const reasons = missing()
if (reasons.length > 0) process.stderr.write(`\n*** The faults are not made for real. ${reasons.join('\n*** ')}\n\n`)

const places: Readonly<Record<string, WalkPlace>> = {
  host: { kind: 'client', label: 'client host', node: 'host' },
  peer: { kind: 'client', label: 'client peer', node: 'peer' },
  a1: { kind: 'alloc', label: 'allocation a1', node: 'host', alloc: 'a1' },
  b1: { kind: 'alloc', label: 'allocation b1', node: 'peer', alloc: 'b1' },
}
const links = {
  'source.node': 'node:peer',
  'source.alloc': 'alloc:b1',
  'target.node': 'node:host',
  'target.alloc': 'alloc:a1',
}

const socketsOf = ({ tcp = [], udp = [] }: NamespaceState = { unread: [] }) => [...tcp, ...udp]

/** How the fault is judged for a call out of b1, or from the host itself, to the host port of a1. */
function verdictOf(id: FaultId, topology: Topology, { dst, dport, from }: Packet): string {
  const given: GivenValues = {
    'path.network': { topology, places },
    'path.dials': [{ host: dst, port: dport, from: 'env SERVER of task web' }],
    'path.registered': [],
    'path.port': {
      label: 'http',
      number: null,
      mapped: { label: 'http', hostIp: '10.99.0.1', hostPort: 25001, to: 8080, hostNetwork: 'default' },
    },
    'path.inbound.way': null,
    'path.attempts': [],
    'path.outbound.way': null,
    'every.node.allocations': [],
    'target.alloc.listeners': socketsOf(topology.namespaces['a1']),
    'path.caller-namespace': from === 'host' ? 'host' : 'group',
    'target.group.network.mode': 'bridge',
    'target.alloc.record': record('a1', { address: '172.26.64.2', addressV6: 'fd26::2' }),
  }
  return judged(id, given, { ...links, ...(from === 'host' ? { 'source.node': 'node:host' } : {}) })
}

const call: Packet = { from: 'b1', proto: 'tcp', dst: '10.99.0.1', dport: 25001 }
const bySix: Packet = { from: 'host', proto: 'tcp', dst: 'fd99::1', dport: 25001 }
const bySixLoop: Packet = { ...bySix, dst: '::1' }
const sixCall: Packet = { ...call, from: 'peer', dst: 'fd99::1' }
const forwardOff: Mutation = { kind: 'setting', ns: 'host', key: 'net.ipv6.conf.all.forwarding', value: '0' }
const large: Packet = { from: 'b1', proto: 'udp', dst: '10.99.0.1', dport: 25001, size: 1500, df: true }

const zone = { dispatch: 'eth0', nomad: false, dnat: true, open: [], masquerade: false }
const zones = (ns: 'host' | 'peer', but: Partial<typeof zone>): Mutation => ({
  kind: 'nft',
  ns,
  text: firewalld({ ...zone, ...but }),
})
const narrow = (ns: 'peer' | 'b1'): Mutation => ({ kind: 'ip', ns, line: 'link set eth0 mtu 1400' })
/** As with a bridge without IPv6: no rule of that family translates the port. */
const onlyFour: Mutation = {
  kind: 'rule',
  ns: 'host',
  family: 6,
  table: 'nat',
  chain: 'OUTPUT',
  at: 0,
  rule: '-j ACCEPT',
}

type Case = readonly [name: string, fault: FaultId, packet: Packet, mutations: readonly Mutation[], ends: string]
const broken: readonly Case[] = [
  ['the bridge is in no zone', 'firewalld-forward-reject', call, [zones('peer', {})], 'unreachable'],
  ['mapped ports are stopped', 'firewalld-forward-reject', call, [zones('host', { dnat: false })], 'unreachable'],
  ['the interface carries 1400', 'bridge-mtu-above-nic', large, [narrow('peer')], 'unreachable'],
  ['no rule of IPv6', 'ipv6-hostport', bySix, [onlyFour], 'refused'],
  ['the loopback address of IPv6', 'ipv6-hostport', bySixLoop, [], 'silent'],
  ['of IPv6 nothing is forwarded', 'ip-forward-off', sixCall, [forwardOff], 'silent'],
]
const repaired: readonly Case[] = [
  ['the bridge is in zone trusted', 'firewalld-forward-reject', call, [zones('peer', { nomad: true })], 'answered'],
  ['mapped ports pass', 'firewalld-forward-reject', call, [zones('host', {})], 'answered'],
  ['the interface carries 1500', 'bridge-mtu-above-nic', large, [], 'answered'],
  ['rules of both families', 'ipv6-hostport', bySix, [], 'answered'],
  ['both families are forwarded', 'ip-forward-off', sixCall, [], 'answered'],
  ['IPv4 is forwarded all the same', 'ip-forward-off', call, [forwardOff], 'answered'],
  ['over IPv4', 'ipv6-hostport', { ...bySix, dst: '127.0.0.1' }, [onlyFour], 'answered'],
]

describe.skipIf(reasons.length > 0)('made for real', () => {
  const stage = staged()

  const made = async ([, id, packet, mutations]: Case) => {
    const world: World = { backend: 'iptables', cni: true, mutations, packets: [packet] }
    const [result] = await measure(stage(), world)
    return {
      wrong: result?.wrong,
      outcome: result && outcomeMeasured(result.measured),
      verdict: verdictOf(id, await stage().make(world), packet),
    }
  }
  test.each(broken)('%s: %s', async (...one) => {
    expect(await made(one)).toEqual({ wrong: undefined, outcome: one[4], verdict: 'present' })
  })
  test.each(repaired)('repaired, %s: not %s', async (...one) => {
    expect(await made(one)).toEqual({ wrong: undefined, outcome: one[4], verdict: 'absent' })
  })

  test('conntrack-full: a table full of established connections, and the same without them', async () => {
    const { host, client } = stage().site.agents
    await stage().make({ backend: 'iptables', cni: true, mutations: [], packets: [] })
    const settings = async () => {
      const [read] = await host.must({ argv: commands.sysctls })
      const [sysctls] = makeSysctls(read!.out)
      const [counted] = await host.must({ argv: commands.counters })
      const [counters] = makeCounters(counted!.out)
      return {
        verdict: judged('conntrack-full', { 'node.sysctls': sysctls, 'node.conntrack.counters': counters }),
        limit: Number(sysctls['net.netfilter.nf_conntrack_max']),
      }
    }
    const tries = async (sport: number) => {
      const [answer] = await client.attempt([{ proto: 'tcp', dst: '10.99.0.1', dport: 25001, sport }], 1)
      return answer?.state
    }
    await host.flush()
    const before = await settings()
    expect([before.verdict, await tries(40_001)]).toEqual(['absent', 'answered'])
    await host.run([{ argv: ['python3', '-c', fill, String(before.limit)] }])
    expect([(await settings()).verdict, await tries(40_002)]).toEqual(['present', 'silent'])
    await host.must({ argv: ['conntrack', '-F'] })
    expect([(await settings()).verdict, await tries(40_003)]).toEqual(['absent', 'answered'])
  }, 120_000)
})

/** Entries of connections nobody closes, as many as are allowed. */
const fill = `
import subprocess, sys
lines = "".join(
    f"-A -p tcp -s 10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255} -d 192.0.2.1 --sport 1000 --dport 80"
    " --state ESTABLISHED -u SEEN_REPLY,ASSURED -t 3000\\n"
    for i in range(int(sys.argv[1]))
)
subprocess.run(["conntrack", "-R", "/dev/stdin"], input=lines, text=True)
`
