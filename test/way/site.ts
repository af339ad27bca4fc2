import type { Join, Topology } from '../../src/packet/walk/index.ts'
import type { Machine } from '../packet/walk/machine.ts'
import { machine } from '../packet/walk/machine.ts'
import { eth0 } from '../packet/walk/site.ts'

/** Rules that the portmap and firewall plug-ins and Nomad write for one mapped port. */
export const nomadRules = (inside: string, outer: number, to: number): Readonly<Record<string, readonly string[]>> => ({
  nat: [
    ':CNI-DN-a1 -',
    ':CNI-HOSTPORT-DNAT -',
    ':CNI-HOSTPORT-MASQ -',
    ':CNI-HOSTPORT-SETMARK -',
    ':CNI-a1 -',
    'PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT',
    'OUTPUT -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT',
    'POSTROUTING -m comment --comment "CNI portfwd requiring masquerade" -j CNI-HOSTPORT-MASQ',
    `POSTROUTING -s ${inside} -m comment --comment "name: nomad" -j CNI-a1`,
    `CNI-DN-a1 -s 172.26.64.0/20 -p tcp -m tcp --dport ${outer} -j CNI-HOSTPORT-SETMARK`,
    `CNI-DN-a1 -p tcp -m tcp --dport ${outer} -j DNAT --to-destination ${inside}:${to}`,
    `CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: nomad" -m multiport --dports ${outer} -j CNI-DN-a1`,
    'CNI-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE',
    'CNI-HOSTPORT-SETMARK -m comment --comment "CNI portfwd masquerade mark" -j MARK --set-xmark 0x2000/0x2000',
    'CNI-a1 -d 172.26.64.0/20 -j ACCEPT',
    'CNI-a1 ! -d 224.0.0.0/4 -j MASQUERADE',
  ],
  filter: [
    ':FORWARD DROP',
    ':CNI-FORWARD -',
    ':NOMAD-ADMIN -',
    'FORWARD -m comment --comment "CNI firewall plugin rules" -j CNI-FORWARD',
    'CNI-FORWARD -m comment --comment "CNI firewall plugin admin overrides" -j NOMAD-ADMIN',
    `CNI-FORWARD -d ${inside} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
    `CNI-FORWARD -s ${inside} -j ACCEPT`,
    'NOMAD-ADMIN -o nomad -d 172.26.64.0/20 -j ACCEPT',
  ],
})

const client = (address: string, inside: string, outer: number, to: number, more: Partial<Machine> = {}): Machine => ({
  devices: [
    eth0(`${address}/24`),
    { name: 'nomad', addresses: ['172.26.64.1/20'], kind: 'bridge' },
    { name: 'veth1', addresses: [], kind: 'veth', master: 'nomad' },
  ],
  iptables: nomadRules(inside, outer, to),
  ...more,
})
const alloc = (address: string, listen: readonly string[], more: Partial<Machine> = {}): Machine => ({
  devices: [{ ...eth0(`${address}/20`), kind: 'veth' }],
  routes: ['default via 172.26.64.1 dev eth0'],
  listen,
  ...more,
})
const joins: readonly Join[] = [
  {
    kind: 'wire',
    name: '10.0.0.0/24',
    ports: ['c1', 'c2'].map((one) => ({ namespace: one, device: 'eth0' })),
    open: true,
  },
  ...['1', '2'].map((n) => ({
    kind: 'veth' as const,
    a: { namespace: `c${n}`, device: 'veth1' },
    b: { namespace: n === '1' ? 'web' : 'api', device: 'eth0' },
  })),
]

/** Two clients, one allocation on each: web on c1 calls api at 10.0.0.2:25000. */
export function twoClients(changes: Partial<Record<'c1' | 'c2' | 'web' | 'api', Partial<Machine>>> = {}): Topology {
  const machines: Readonly<Record<string, Machine>> = {
    c1: client('10.0.0.1', '172.26.64.7', 21000, 80, changes.c1),
    c2: client('10.0.0.2', '172.26.64.9', 25000, 8080, changes.c2),
    web: alloc('172.26.64.7', ['tcp *:80'], changes.web),
    api: alloc('172.26.64.9', ['tcp *:8080'], changes.api),
  }
  return {
    namespaces: Object.fromEntries(Object.entries(machines).map(([name, one]) => [name, machine(one)])),
    joins,
  }
}
