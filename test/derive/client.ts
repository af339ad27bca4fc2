import { derive } from '../../src/derive/derive.ts'
import { derivations } from '../../src/derive/index.ts'
import type { Held } from '../../src/knowledge/fact.ts'
import type { Facts } from '../../src/knowledge/facts.ts'
import type { Kind } from '../../src/knowledge/things.ts'
import type { NamespaceState } from '../../src/knowledge/shapes/packet.ts'
import { machine, type Machine } from '../packet/walk/machine.ts'
import { eth0 } from '../packet/walk/site.ts'
import { worldOf, type GivenValues } from '../world.ts'

/** What CNI and Nomad write for one allocation at 172.26.64.2 with host port 25001. */
export const cniFilter: readonly string[] = [
  ':FORWARD DROP',
  ':CNI-FORWARD -',
  ':NOMAD-ADMIN -',
  'FORWARD -m comment --comment "CNI firewall plugin rules" -j CNI-FORWARD',
  'CNI-FORWARD -j NOMAD-ADMIN',
  'CNI-FORWARD -d 172.26.64.2/32 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  'CNI-FORWARD -s 172.26.64.2/32 -j ACCEPT',
  'NOMAD-ADMIN -d 172.26.64.0/20 -o nomad -j ACCEPT',
]
export const owner = '6b235529-8111-4bbe-520b-d639b1d2a94e'
export const cniNat: readonly string[] = [
  'PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT',
  'OUTPUT -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT',
  'POSTROUTING -j CNI-HOSTPORT-MASQ',
  'POSTROUTING -s 172.26.64.2/32 -j CNI-1',
  'CNI-1 -d 172.26.64.0/20 -j ACCEPT',
  'CNI-1 ! -d 224.0.0.0/4 -j MASQUERADE',
  'CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \\"nomad\\" id: \\"0f0f0f0f-0000-4000-8000-000000000000\\"" -m multiport --dports 25001 -j CNI-DN-0',
  `CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \\"nomad\\" id: \\"${owner}\\"" -m multiport --dports 25001 -j CNI-DN-1`,
  'CNI-DN-0 -p tcp -m tcp --dport 25009 -j DNAT --to-destination 172.26.64.9:8080',
  'CNI-DN-1 -s 127.0.0.1/32 -p tcp -m tcp --dport 25001 -j CNI-HOSTPORT-SETMARK',
  'CNI-DN-1 -p tcp -m tcp --dport 25001 -j DNAT --to-destination 172.26.64.2:8080',
  'CNI-HOSTPORT-SETMARK -j MARK --set-xmark 0x2000/0x2000',
  'CNI-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE',
]

export const healthy: Machine = {
  devices: [
    eth0('10.0.0.11/24'),
    { name: 'nomad', addresses: ['172.26.64.1/20'], kind: 'bridge' },
    { name: 'veth1', addresses: [], kind: 'veth', master: 'nomad' },
  ],
  iptables: { filter: cniFilter, nat: cniNat },
  settings: { 'net.ipv4.conf.nomad.route_localnet': 1 },
}

/** Every chain that is named is announced first, as a save does. */
const announced = (rules: readonly string[]): readonly string[] => {
  const named = rules.flatMap((rule) => [
    rule.split(' ')[0] ?? '',
    ...(/ -[jg] (CNI-\S+|NOMAD-ADMIN|DOCKER-USER)/.exec(rule)?.slice(1) ?? []),
  ])
  const known = new Set([...builtin, ...named.filter((word) => word.startsWith(':')).map((word) => word.slice(1))])
  return [...new Set(named.filter((word) => !word.startsWith(':') && !known.has(word)))]
    .map((name) => `:${name} -`)
    .concat(rules)
}
const builtin = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']

export function kernel(but: Partial<Machine> = {}): NamespaceState {
  const spec = { ...healthy, ...but }
  const iptables = Object.fromEntries(
    Object.entries(spec.iptables ?? {}).map(([name, rules]) => [name, announced(rules)]),
  )
  return machine({ ...spec, iptables })
}

const pieces = {
  'node.links': 'links',
  'node.routes': 'routes4',
  'node.rules': 'rules4',
  'node.iptables': 'iptables4',
  'node.iptables.legacy': 'legacy4',
  'node.nft': 'nft',
  'node.ipsets': 'ipsets',
  'node.listeners': 'tcp',
} as const

/** The facts of one side's client; what was not read is undefined. */
export function client(side: 'source' | 'target', { sysctls, ...state }: NamespaceState): GivenValues {
  const told = Object.entries(pieces).map(([fact, piece]) => [`${side}.${fact}`, state[piece]])
  return { ...Object.fromEntries(told), [`${side}.node.xfrm`]: state.xfrm ?? [], [`${side}.node.sysctls`]: sysctls }
}

/** One fact of a path; what is given as undefined was not recorded. */
export function derived<K extends keyof Facts>(
  key: K,
  given: GivenValues,
  kind: Kind = 'path',
): Held<Facts[K]> | undefined {
  const { world, thing } = worldOf(kind, given)
  for (const [id, held] of world.facts)
    for (const [fact, one] of held)
      if (one.known && one.value === undefined)
        (world.facts.get(id) as Map<string, Held<unknown>>).set(fact, { known: false, why: 'not-recorded' })
  return derive(
    world,
    derivations.filter(({ provides }) => !(provides in given)),
  )
    .facts.get(thing.id)
    ?.get(key) as Held<Facts[K]> | undefined
}

/** A client of which some replies are missing. */
export const without = (but: Partial<Machine>, ...pieces: readonly (keyof NamespaceState)[]): GivenValues => {
  const left = Object.entries(kernel(but)).filter(([key]) => !pieces.includes(key as 'nft'))
  return client('target', { ...Object.fromEntries(left), unread: [] })
}
