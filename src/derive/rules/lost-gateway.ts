import type { Gateway } from '../../knowledge/shapes/crossing.ts'
import { contains } from '../../packet/ipaddr.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'

/** The kernel drops the IPv6 addresses of a device that is set down, and keeps those of IPv4. */
export const lostGatewayDerivation: AnyDerivation = derivation({
  provides: 'alloc.lost-gateway6',
  about: 'alloc',
  from: ['alloc.uplink', 'alloc.links', 'node.links'],
  maybe: ['group.network.mode', 'alloc.routes6'],
  shows: 'node.links',
  make: (
    { 'alloc.uplink': link, 'alloc.links': own, 'node.links': links },
    { 'group.network.mode': mode, 'alloc.routes6': routes },
  ) => {
    if (!link?.bridge) return made<Gateway | null>(null, 'it is on no bridge')
    const { name } = link.bridge
    const six = (all: typeof own, device: string) =>
      all
        .filter((one) => one.name === device)
        .flatMap(({ addresses }) => addresses.filter(({ family, scope }) => family === 6 && scope === 'global'))
    const [mine, there] = [six(own, 'eth0'), six(links, name)]
    const lost = mine.filter(
      ({ address, prefix }) => !there.some((one) => contains(`${address}/${prefix}`, one.address)),
    )
    if (lost.length === 0)
      return made<Gateway | null>(
        null,
        mine.length === 0 ? 'eth0 of the allocation has no IPv6 address' : `${name} is in the IPv6 network of eth0`,
      )
    if (mode === undefined) return notKnown('the network mode of the group is not known')
    // In a network of the operator the gateway may be another machine.
    if (mode !== 'bridge') return made<Gateway | null>(null, "it is not on Nomad's bridge")
    if (!routes) return notKnown('the IPv6 gateway of the allocation is not known')
    const gateway = routes.find(
      ({ dst, table, type }) => dst === 'default' && table === 'main' && type === 'unicast',
    )?.gateway
    const network = lost.find(
      ({ address, prefix }) => gateway !== undefined && contains(`${address}/${prefix}`, gateway),
    )
    return gateway === undefined || !network
      ? made<Gateway | null>(null, 'the allocation has no IPv6 gateway in a network of its own')
      : made<Gateway | null>(
          { address: gateway, prefix: network.prefix },
          `${name}: ${there.map(({ address, prefix }) => `${address}/${prefix}`).join(' ') || 'no global IPv6 address'}`,
        )
  },
})
