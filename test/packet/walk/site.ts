import { outcomeOf, walk } from '../../../src/packet/walk/index.ts'
import type { Join, Start, Topology, Trace, Wanted } from '../../../src/packet/walk/index.ts'
import { machine, type Device, type Machine } from './machine.ts'

/** client 10.0.0.9 -- host 10.0.0.1, bridge br0 172.20.0.1/24 -- a1 172.20.0.2 and a2 172.20.0.3, and peer 10.0.0.2. */
export interface Site {
  readonly client?: Partial<Machine>
  readonly host?: Partial<Machine>
  readonly peer?: Partial<Machine>
  readonly a1?: Partial<Machine>
  readonly a2?: Partial<Machine>
  readonly joins?: readonly Join[]
}

export const eth0 = (...addresses: readonly string[]): Device => ({ name: 'eth0', addresses })
export const bridge: Device = { name: 'br0', addresses: ['172.20.0.1/24', 'fd20::1/64', 'fe80::1/64'], kind: 'bridge' }
export const port = (name: string, more: Partial<Device> = {}): Device => ({
  name,
  addresses: [],
  kind: 'veth',
  master: 'br0',
  ...more,
})
export const plain: Readonly<Record<'client' | 'host' | 'peer' | 'a1' | 'a2', Machine>> = {
  client: { devices: [eth0('10.0.0.9/24', 'fd00::9/64', 'fe80::9/64')], listen: ['tcp *:80'] },
  peer: { devices: [eth0('10.0.0.2/24', 'fd00::2/64', 'fe80::2/64')], listen: ['tcp *:80', 'udp *:53'] },
  host: {
    devices: [eth0('10.0.0.1/24', 'fd00::1/64', 'fe80::a/64'), bridge, port('v1'), port('v2')],
    listen: ['tcp *:22', 'tcp 127.0.0.1:631'],
  },
  a1: {
    devices: [{ ...eth0('172.20.0.2/24', 'fd20::2/64', 'fe80::12/64'), kind: 'veth' }],
    routes: ['default via 172.20.0.1 dev eth0', 'default6 via fd20::1 dev eth0'],
    listen: ['tcp *:8080', 'udp 172.20.0.2:53'],
  },
  a2: {
    devices: [{ ...eth0('172.20.0.3/24', 'fd20::3/64', 'fe80::13/64'), kind: 'veth' }],
    routes: ['default via 172.20.0.1 dev eth0', 'default6 via fd20::1 dev eth0'],
    listen: ['tcp *:8080'],
  },
}

export const lan: Join = {
  kind: 'wire',
  name: 'lan',
  ports: ['client', 'host', 'peer'].map((namespace) => ({ namespace, device: 'eth0' })),
}

export function site(changes: Site = {}): Topology {
  const { joins, ...machines } = changes
  const merged = {
    ...plain,
    ...Object.fromEntries(Object.entries(machines).map(([name, one]) => [name, { ...plain[name as 'host'], ...one }])),
  }
  return {
    namespaces: Object.fromEntries(Object.entries(merged).map(([name, one]) => [name, machine(one)])),
    joins: joins ?? [lan, veth('v1', 'a1'), veth('v2', 'a2')],
  }
}

export const veth = (device: string, namespace: string, client = 'host'): Join => ({
  kind: 'veth',
  a: { namespace: client, device },
  b: { namespace, device: 'eth0' },
})

/** One packet, `tcp 10.0.0.1:80` or `udp [fd00::1]:53`; the first trace. */
export function sent(topology: Topology, from: string, to: string, more: Partial<Start> & Partial<Wanted> = {}): Trace {
  const [first] = ways(topology, from, to, more)
  if (!first) throw new Error('no trace')
  return first
}

export function ways(
  topology: Topology,
  from: string,
  to: string,
  { src, sport, ...start }: Partial<Start> & Partial<Wanted> = {},
): readonly Trace[] {
  const [, proto, dst = '', dport] = /^(tcp|udp) \[?([^\]]+?)\]?:(\d+)$/.exec(to) ?? []
  const wanted = { proto: proto as 'tcp' | 'udp', dst, dport: Number(dport) }
  return walk(
    topology,
    { namespace: from, ...start },
    { ...wanted, ...(src === undefined ? {} : { src }), ...(sport === undefined ? {} : { sport }) },
  )
}

/** What the caller sees, where it ended, and as whom the target saw it: `answered a1 10.0.0.9`. */
export function said(trace: Trace): string {
  const { verdict, tuple } = trace
  switch (verdict.kind) {
    case 'delivered':
    case 'refused':
      return `${outcomeOf(trace)} ${verdict.namespace} ${tuple.src}>${tuple.dst}:${tuple.dport}`
    case 'unknown':
      return `unknown ${verdict.where.namespace} ${verdict.where.at}: ${verdict.because}`
    case 'rejected':
      return `${outcomeOf(trace)} ${verdict.by.namespace} ${verdict.by.at} ${verdict.with}`
    case 'unreachable':
      return `${outcomeOf(trace)} ${verdict.by.namespace} ${verdict.how}`
    case 'looped':
      return 'looped'
    case 'dropped':
      return `${outcomeOf(trace)} ${verdict.by.namespace} ${verdict.by.at}: ${verdict.why}`
  }
}
