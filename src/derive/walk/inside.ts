import type { Link } from '../../knowledge/shapes/packet.ts'

/** A bridge that leads to allocations and containers alone: no other machine is behind it. */
export const isInside = (device: string | undefined, links: readonly Link[]): boolean =>
  links.some(({ name, kind }) => name === device && kind === 'bridge') &&
  links.filter(({ master }) => master === device).every(({ kind }) => kind === 'veth')
