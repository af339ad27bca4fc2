import type { Uplink, Way } from './shapes/crossing.ts'

/** The device behind which the allocation of a way is. */
export const bridgeSide = (way: Way | undefined): string =>
  way === undefined ? '<bridge>' : way.side === 'target' ? way.out : way.in

/** The length of the allocation's network, as its gateway is to have it. */
export const prefixOf = (link: Uplink | null | undefined): string => link?.network?.split('/')[1] ?? '<prefix>'
