import type { Way } from '../../knowledge/shapes/crossing.ts'
import type { AllocPort, AllocRecord } from '../../knowledge/shapes/runtime.ts'

export const wayLine = ({ node, in: iif, out, sources, address, port, inside }: Way): string =>
  `${node}: from ${sources.join(' or ')} to ${address}:${port}${inside ? `, for ${inside.address}:${inside.port}` : ''}, in by ${iif || 'nothing'}, out by ${out || 'nothing'}`

/** The port callers use: through the mesh it is the sidecar's. */
export function doorOf(
  record: AllocRecord,
  mapped: AllocPort | null,
  way: string | undefined,
  service: string | undefined,
): AllocPort | undefined {
  const sidecar = record.ports.find(({ label }) => label === `connect-proxy-${service}`)
  return way === 'mesh-upstream' || way === 'transparent-proxy' ? sidecar : (mapped ?? sidecar)
}
