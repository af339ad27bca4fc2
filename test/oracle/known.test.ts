import { describe, expect, test } from 'vitest'
import { outcomeMeasured } from './compare.ts'
import { judge } from './measure.ts'
import { missing } from './needs.ts'
import type { Mutation, Packet } from './world.ts'
import { staged } from './staged.ts'

// What is known of these machines must be measured, or the comparison proves nothing.

const ask = (from: Packet['from'], dst: string, dport: number, proto: Packet['proto'] = 'tcp'): Packet => ({
  from,
  proto,
  dst,
  dport,
})
const ip = (line: string): Mutation => ({ kind: 'ip', ns: 'host', line })
const setting = (key: string, value: string): Mutation => ({ kind: 'setting', ns: 'host', key, value })
const drop: Mutation = { kind: 'policy', ns: 'host', family: 4, table: 'filter', chain: 'FORWARD', policy: 'DROP' }
const rule = (table: 'filter' | 'nat', chain: string, text: string): Mutation => ({
  kind: 'rule',
  ns: 'host',
  family: 4,
  table,
  chain,
  at: 0,
  rule: text,
})

const doors = {
  'outside to host port': ask('client', '10.99.0.1', 25001),
  'host to its loopback': ask('host', '127.0.0.1', 25001),
  'host to its own address': ask('host', '10.99.0.1', 25001),
  'host to the allocation': ask('host', '172.26.64.2', 8080),
  'sibling to the allocation': ask('a2', '172.26.64.2', 8080),
  'sibling to host port': ask('a2', '10.99.0.1', 25001),
  'allocation to itself by host port': ask('a1', '10.99.0.1', 25001),
  'allocation to the outside': ask('a1', '192.0.2.10', 8080),
  'other client to host port': ask('b1', '10.99.0.1', 25001),
  'by UDP': ask('client', '10.99.0.1', 25001, 'udp'),
  'a closed port behind host port': ask('client', '10.99.0.1', 25010),
  'host port of one address, asked at the other': ask('client', '10.98.0.1', 25002),
  'loopback of the host only': ask('client', '10.99.0.1', 8082),
  'nobody has the address': ask('host', '172.26.64.99', 8080),
  IPv6: ask('client', 'fd99::1', 25001),
} as const
type Door = keyof typeof doors

/** `outcome` or `outcome: where it came to as whom`. */
const healthy: Readonly<Record<Door, string>> = {
  'outside to host port': 'answered: a1 10.99.0.3',
  'host to its loopback': 'answered: a1 172.26.64.1',
  'host to its own address': 'answered: a1 10.99.0.1',
  'host to the allocation': 'answered: a1 172.26.64.1',
  'sibling to the allocation': 'answered: a1 172.26.64.3',
  'sibling to host port': 'answered: a1 172.26.64.1',
  'allocation to itself by host port': 'silent',
  'allocation to the outside': 'answered: client 10.99.0.1',
  'other client to host port': 'answered: a1 10.99.0.2',
  'by UDP': 'answered: a1 10.99.0.3',
  'a closed port behind host port': 'refused',
  'host port of one address, asked at the other': 'refused',
  'loopback of the host only': 'refused',
  'nobody has the address': 'unreachable',
  IPv6: 'answered: a1 fd99::3',
}

const all = (outcome: string): Partial<Record<Door, string>> =>
  Object.fromEntries(Object.keys(doors).map((door) => [door, outcome]))

const worlds: Readonly<
  Record<string, readonly [mutations: readonly Mutation[], differs: Partial<Record<Door, string>>]>
> = {
  healthy: [[], {}],
  'FORWARD drops and CNI accepts': [[drop], {}],
  'no forwarding': [
    [setting('net.ipv4.ip_forward', '0')],
    {
      'outside to host port': 'silent',
      'sibling to host port': 'silent',
      'allocation to the outside': 'silent',
      'other client to host port': 'silent',
      'by UDP': 'silent',
      'a closed port behind host port': 'silent',
    },
  ],
  'no netfilter on the bridge': [
    [setting('net.bridge.bridge-nf-call-iptables', '0')],
    { 'allocation to itself by host port': 'answered: a1 172.26.64.1' },
  ],
  hairpin: [
    [ip('link set vetha1 type bridge_slave hairpin on')],
    { 'allocation to itself by host port': 'answered: a1 172.26.64.1' },
  ],
  'route_localnet off': [[setting('net.ipv4.conf.nomad.route_localnet', '0')], { 'host to its loopback': 'silent' }],
  'rejected before CNI': [
    [rule('filter', 'FORWARD', '-i eth0 -j REJECT --reject-with icmp-host-prohibited')],
    {
      'outside to host port': 'unreachable',
      'by UDP': 'unreachable',
      'other client to host port': 'unreachable',
      'a closed port behind host port': 'unreachable',
      'allocation to the outside': 'silent: client 10.99.0.1',
    },
  ],
  'the bridge is down': [
    [ip('link set nomad down')],
    {
      ...all('silent'),
      'sibling to the allocation': 'unreachable',
      'sibling to host port': 'unreachable',
      'allocation to itself by host port': 'unreachable',
      'allocation to the outside': 'unreachable',
      'host port of one address, asked at the other': 'refused',
      'loopback of the host only': 'refused',
    },
  ],
}

describe.skipIf(missing().length > 0)('what is measured', () => {
  const stage = staged()

  test.each(Object.entries(worlds))('%s', async (_, [mutations, differs]) => {
    const packets = Object.values(doors)
    const results = await judge(stage(), { backend: 'iptables', cni: true, mutations, packets }, false)
    const measured = results.map(({ measured }) => {
      const { arrived } = measured
      const outcome = outcomeMeasured(measured)
      return arrived && outcome !== 'refused' ? `${outcome}: ${arrived.name} ${arrived.peer}` : outcome
    })
    const found = Object.fromEntries(Object.keys(doors).map((door, n) => [door, measured[n]]))
    expect(found).toEqual({ ...healthy, ...differs })
  })
})
