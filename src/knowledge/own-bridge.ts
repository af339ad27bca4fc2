import type { FixStep } from './fault.ts'
import type { Gateway, Uplink, Way } from './shapes/crossing.ts'

/** The device behind which the allocation of a way is. */
export const bridgeSide = (way: Way | undefined): string =>
  way === undefined ? '<bridge>' : way.side === 'target' ? way.out : way.in

/** The length of the allocation's network, as its gateway is to have it. */
export const prefixOf = (link: Uplink | null | undefined): string => link?.network?.split('/')[1] ?? '<prefix>'

/** The command that gives the bridge an address of its own again. */
export const addressed = (
  link: Uplink | null | undefined,
  gateway: string,
  prefix: number | string,
): readonly string[] => ['ip', 'addr', 'add', `${gateway}/${prefix}`, 'dev', link?.bridge?.name ?? '<bridge>']

/** What puts the IPv6 gateway of its allocations back on the bridge. */
export const withGateway6 = (
  link: Uplink | null | undefined,
  gateway: Gateway | null | undefined,
): readonly FixStep[] =>
  gateway
    ? [
        {
          do: 'Put the IPv6 address back, with the prefix of the allocation, which is that of bridge_network_subnet_ipv6',
          on: `client ${link?.node ?? ''}`,
          run: addressed(link, gateway.address, gateway.prefix),
          risk: 'none',
        },
      ]
    : []
