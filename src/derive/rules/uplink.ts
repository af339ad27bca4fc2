import type { Chain, Rule } from '../../packet/iptables.ts'
import { contains, networkOf } from '../../packet/ipaddr.ts'
import { chain, jumpsTo, table } from '../../packet/rules.ts'
import type { IptablesSave, Link } from '../../knowledge/shapes/packet.ts'
import type { CniRules, Uplink, Way } from '../../knowledge/shapes/crossing.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'

/** Chains of the plug-ins and of Nomad: https://developer.hashicorp.com/nomad/docs/networking/cni */
const ours = ({ name, rules }: Chain): boolean => /^(CNI-|NOMAD-ADMIN$)/.test(name) && rules.length > 0
const counted = (save: IptablesSave, name: string): number => table(save, name)?.chains.filter(ours).length ?? 0

export function cniRules(save: IptablesSave, { out, inside }: Pick<Way, 'out' | 'inside'>): CniRules {
  const admin = chain(save, 'filter', 'NOMAD-ADMIN')?.rules ?? []
  return {
    forwardJump: jumpsTo(save, 'filter', 'FORWARD', 'CNI-FORWARD')?.n ?? null,
    preroutingJump: jumpsTo(save, 'nat', 'PREROUTING', 'CNI-HOSTPORT-DNAT') !== undefined,
    outputJump: jumpsTo(save, 'nat', 'OUTPUT', 'CNI-HOSTPORT-DNAT') !== undefined,
    masqueradeJump: jumpsTo(save, 'nat', 'POSTROUTING', 'CNI-HOSTPORT-MASQ') !== undefined,
    entries: chain(save, 'nat', 'CNI-HOSTPORT-DNAT')?.rules.length ?? 0,
    leads: inside !== null && leads(save, inside),
    nat: counted(save, 'nat'),
    filter: counted(save, 'filter'),
    admin: admin.map(({ text }) => text),
    adminJump: jumpsTo(save, 'filter', 'CNI-FORWARD', 'NOMAD-ADMIN') !== undefined,
    dockerUser: jumpsTo(save, 'filter', 'FORWARD', 'DOCKER-USER') !== undefined,
    adminAccepts: inside !== null && admin.some((rule) => accepts(rule, out, inside.address)),
  }
}

/** Whether a rule of CNI-HOSTPORT-DNAT, or of a chain that it jumps to, sends something on to this port. */
function leads(save: IptablesSave, { address, port }: NonNullable<Way['inside']>): boolean {
  const entries = chain(save, 'nat', 'CNI-HOSTPORT-DNAT')?.rules ?? []
  const behind = entries.flatMap(({ target }) =>
    target?.kind === 'jump' || target?.kind === 'goto' ? (chain(save, 'nat', target.chain)?.rules ?? []) : [],
  )
  return [...entries, ...behind].some(
    ({ target }) =>
      target?.kind === 'dnat' && target.to.address === address && (target.to.ports?.from ?? port) === port,
  )
}

const written = (one: Link['addresses'][number] | undefined): string | undefined =>
  one && `${one.address}/${one.prefix}`
const isIn = (network: string | undefined, { addresses }: Link): boolean =>
  network !== undefined && addresses.some(({ address }) => contains(network, address))

/** By device and network alone, as Nomad writes it. */
const accepts = ({ target, matches }: Rule, out: string, address: string): boolean =>
  target?.kind === 'accept' &&
  matches.every((one) => {
    if (one.kind === 'out') return !one.negated && !one.wildcard && one.name === out
    if (one.kind === 'dst') return !one.negated && contains(one.cidr, address)
    return one.kind === 'comment'
  })

export const uplinkDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'alloc.uplink',
    about: 'alloc',
    from: ['alloc.links', 'node.links'],
    shows: 'node.links',
    make: ({ 'alloc.links': own, 'node.links': links }, _, { names }) => {
      // The plug-ins are always told to call it eth0.
      const eth0 = own.find(({ name }) => name === 'eth0')
      if (!eth0) return made(null, `interfaces in the namespace: ${own.map(({ name }) => name).join(', ')}`)
      if (eth0.kind !== 'veth') return notKnown(`eth0 of the allocation is a ${eth0.kind}, not one end of a veth pair`)
      const end = links.find(({ index }) => index === eth0.beneath?.index)
      if (!end) return notKnown("the host's end of the allocation's eth0 is not among the client's interfaces")
      const bridge = links.find(({ name }) => name === end.master)
      const four = bridge?.addresses.filter(({ family }) => family === 4) ?? []
      const mine = eth0.addresses.filter(({ family }) => family === 4)
      const near = mine.some(({ address }) => four.some((one) => contains(`${one.address}/${one.prefix}`, address)))
      const network = networkOf(written(mine[0]) ?? written(four[0]) ?? '')
      const nearest = bridge ? undefined : links.find((one) => one.kind === 'bridge' && isIn(network, one))
      // A port that is down is disabled, and says so itself.
      const state = (end.up && end.carrier && end.port?.state) || 'forwarding'
      const uplink: Uplink = {
        node: names.nodeName ?? '',
        veth: end.name,
        up: end.up,
        hairpin: end.port?.hairpin ?? null,
        ...(network === undefined ? {} : { network }),
        ...(nearest ? { nearest: nearest.name } : {}),
        ...(state === 'forwarding' ? {} : { state }),
        bridge: bridge
          ? {
              name: bridge.name,
              up: bridge.up,
              addresses: four.map(({ address, prefix }) => `${address}/${prefix}`),
              callsIptables: bridge.bridge?.nfCallIptables ?? false,
              ...(bridge.bridge?.stp === true ? { stp: true as const } : {}),
              ...(four.length > 0 && mine.length > 0 && !near ? { apart: true as const } : {}),
            }
          : null,
      }
      const host = `${end.name}: ${end.up ? 'up' : 'down'}, ${bridge ? `port of ${bridge.name}` : 'port of no bridge'}${state === 'forwarding' ? '' : `, state ${state}`}`
      return made(
        uplink,
        [
          host,
          ...(bridge
            ? [
                `${bridge.name}: ${bridge.up ? 'up' : 'down'}, ${uplink.bridge?.addresses.join(' ') || 'no IPv4 address'}`,
              ]
            : []),
        ].join('\n'),
      )
    },
  }),
]
