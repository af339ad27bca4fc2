import type { Thing } from '../../knowledge/things.ts'
import type { Uplink, Way } from '../../knowledge/shapes/crossing.ts'
import type { Lookup } from '../../knowledge/shapes/discovery.ts'
import { callerWords } from '../../knowledge/stranger.ts'
import type { AllocPort, AllocRecord } from '../../knowledge/shapes/runtime.ts'
import { contains, familyOf } from '../../packet/ipaddr.ts'
import { literals, toldIn } from '../path/literals.ts'
import { linked } from '../path/place.ts'

export const wayLine = ({ node, in: iif, out, sources, address, port, proto, inside }: Way): string =>
  `${node}: from ${sources.map((one) => callerWords(one)).join(' or ')} to ${proto ? `${proto} ` : ''}${address}:${port}${inside ? `, for ${inside.address}:${inside.port}` : ''}, ${iif ? `in by ${iif}` : 'from the client itself'}, ${out ? `out by ${out}` : 'for the client itself'}`

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

/** What tells where the source's packets go. */
export interface Aim {
  readonly 'path.lookups.task'?: readonly Lookup[]
  readonly 'path.port'?: { readonly mapped: AllocPort | null }
  readonly 'path.discovery'?: string
  readonly 'path.service'?: { readonly name: string } | null
  readonly 'target.alloc.record'?: AllocRecord
}

/** The facts of it. */
export const aimNeeds = [
  'path.lookups.task',
  'path.port',
  'path.discovery',
  'path.service',
  'target.alloc.record',
] as const satisfies readonly (keyof Aim)[]

/** Where the source's packets go; null: nowhere. A text says why that is not known. */
export function destination(
  thing: Thing,
  known: Aim,
): { readonly address: string; readonly port: number } | null | string {
  if (linked(thing, 'target.alloc') === 'nobody') {
    const [written] = thing.names.address === undefined ? [] : literals(thing.names.address)
    const found = known['path.lookups.task']?.find(({ name }) => name === written?.host)?.addresses
    const place = written && found?.[0] !== undefined ? { ...written, host: found[0] } : written
    // The port may stand with what the caller dials alone.
    const told = toldIn(thing.names.dials)
    const port = place?.port ?? Number(thing.names.port ?? told?.port)
    if (thing.names.address === undefined) return null
    return place && familyOf(place.host) === 4 && Number.isInteger(port)
      ? { address: place.host, port }
      : `the address of ${thing.names.address} is not known`
  }
  const { 'path.port': port, 'target.alloc.record': record } = known
  if (!port || !record) return "the target's port is not known"
  const door = doorOf(record, port.mapped, known['path.discovery'], known['path.service']?.name)
  if (!door) return null
  return familyOf(door.hostIp) === 4
    ? { address: door.hostIp, port: door.hostPort }
    : `only IPv4 is simulated, not ${door.hostIp}`
}

/** UDP where that is known. */
export const protoOf = (known: { readonly 'path.protocol'?: string }): Pick<Way, 'proto'> =>
  known['path.protocol'] === 'udp' ? { proto: 'udp' } : {}

/** The client and the allocation of a way. */
export const whose = ({ id, namespace, node, nodeName }: AllocRecord): Pick<Way, 'node' | 'nodeId' | 'alloc'> => ({
  node: nodeName,
  nodeId: node,
  alloc: { id, namespace },
})

/** The device of the client behind which the allocation is: its bridge, or the veth itself where a CNI network does without one. */
export const leadsTo = (mode: Way['mode'], uplink: Uplink | null | undefined): string | undefined =>
  uplink?.bridge?.name ?? (mode === 'cni' ? uplink?.veth : undefined)

/** The network of the allocation, where the address it is registered with lies in it. */
export function networkAt(uplink: Uplink | null | undefined, address: string): Pick<Way, 'network'> {
  const network = uplink?.network
  return network !== undefined && contains(network, address) ? { network } : {}
}
