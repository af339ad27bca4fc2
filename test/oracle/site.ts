import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Join } from '../../src/packet/walk/index.ts'

/** Not every kernel has it; a macvlan device stands in for it then. */
export const hasIpvlan =
  spawnSync('unshare', ['--net', 'sh', '-c', 'ip link add type veth && ip link add link veth0 type ipvlan']).status ===
  0

const path = (process.env['PATH'] ?? '').split(':')
/** Sets of addresses are tried where their program is. */
export const hasIpset = path.some((folder) => existsSync(join(folder, 'ipset')))

/**
 * A Nomad client (`host`) with two allocations and a container of Docker, a second client (`peer`) with one, and a
 * machine without rules (`client`) that is also the way out. Every namespace has no name and ends with its helper.
 */
export const names = ['host', 'peer', 'client', 'a1', 'a2', 'b1', 'd1'] as const
export type Name = (typeof names)[number]

interface Device {
  readonly name: string
  readonly addresses: readonly string[]
  readonly master?: string
  /** Down unless a world takes it up. */
  readonly idle?: boolean
  /** How a macvlan device joins others. */
  readonly mode?: string
}

const link = (n: number): string => `fe80::${n}/64`
const alloc = (n: number): readonly Device[] => [
  { name: 'lo', addresses: ['127.0.0.1/8', '::1/128'] },
  { name: 'eth0', addresses: [`172.26.64.${n}/20`, `fd00:a110::${n}/64`, link(n)] },
]
/** On the network of the hosts, beside the bridge. */
const idle = (name: string): Device => ({
  name,
  addresses: [],
  idle: true,
  ...(name === 'mac0' || !hasIpvlan ? { mode: 'bridge' } : {}),
})
const lo: Device = { name: 'lo', addresses: ['127.0.0.1/8', '::1/128'] }
const bridge: Device = { name: 'nomad', addresses: ['172.26.64.1/20', 'fd00:a110::1/64', link(1)] }

/** How every namespace is before something is changed in it. */
export const devices: Readonly<Record<Name, readonly Device[]>> = {
  host: [
    lo,
    { name: 'eth0', addresses: ['10.99.0.1/24', 'fd99::1/64', link(1)] },
    { name: 'eth1', addresses: ['10.98.0.1/24', 'fd98::1/64', link(1)] },
    bridge,
    { name: 'docker0', addresses: ['172.17.0.1/16', link(1)] },
    { name: 'vetha1', addresses: [], master: 'nomad' },
    { name: 'vetha2', addresses: [], master: 'nomad' },
    { name: 'vethd1', addresses: [], master: 'docker0' },
  ],
  peer: [
    lo,
    { name: 'eth0', addresses: ['10.99.0.2/24', 'fd99::2/64', link(2)] },
    bridge,
    { name: 'vethb1', addresses: [], master: 'nomad' },
  ],
  client: [
    { ...lo, addresses: [...lo.addresses, '192.0.2.10/32'] },
    { name: 'eth0', addresses: ['10.99.0.3/24', 'fd99::3/64', link(3)] },
    { name: 'eth1', addresses: ['10.98.0.3/24', 'fd98::3/64', link(3)] },
  ],
  a1: alloc(2),
  a2: [...alloc(3), idle('mac0')],
  b1: [...alloc(2), idle('ipv0')],
  d1: [lo, { name: 'eth0', addresses: ['172.17.0.2/16', link(2)] }, idle('mac0')],
}

export const routes: Readonly<Record<Name, readonly string[]>> = {
  host: ['default via 10.99.0.3', 'default via fd99::3'],
  peer: ['default via 10.99.0.3', 'default via fd99::3'],
  client: ['172.26.64.0/20 via 10.99.0.1', '172.17.0.0/16 via 10.99.0.1', 'fd00:a110::/64 via fd99::1'],
  a1: ['default via 172.26.64.1', 'default via fd00:a110::1'],
  a2: ['default via 172.26.64.1', 'default via fd00:a110::1'],
  b1: ['default via 172.26.64.1', 'default via fd00:a110::1'],
  d1: ['default via 172.17.0.1'],
}

export const joins: readonly Join[] = [
  veth('host', 'eth1', 'client', 'eth1'),
  veth('host', 'vetha1', 'a1', 'eth0'),
  veth('host', 'vetha2', 'a2', 'eth0'),
  veth('host', 'vethd1', 'd1', 'eth0'),
  veth('peer', 'vethb1', 'b1', 'eth0'),
  {
    kind: 'wire',
    name: 'lan',
    ports: (['host', 'peer', 'client'] as const).map((namespace) => ({ namespace, device: 'eth0' })),
  },
  child('macvlan', 'host', 'a2', 'mac0'),
  child('macvlan', 'host', 'd1', 'mac0'),
  child(hasIpvlan ? 'ipvlan' : 'macvlan', 'peer', 'b1', 'ipv0'),
]

function child(kind: 'macvlan' | 'ipvlan', parent: Name, namespace: Name, device: string): Join {
  return { kind, parent: { namespace: parent, device: 'eth0' }, child: { namespace, device } }
}

function veth(a: Name, deviceOfA: string, b: Name, deviceOfB: string): Join {
  return { kind: 'veth', a: { namespace: a, device: deviceOfA }, b: { namespace: b, device: deviceOfB } }
}
