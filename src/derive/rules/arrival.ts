import type { Entry, Way } from '../../knowledge/shapes/crossing.ts'
import type { AllocRecord, Container } from '../../knowledge/shapes/runtime.ts'
import { stranger } from '../../knowledge/stranger.ts'
import type { Names } from '../../knowledge/things.ts'
import type { Link } from '../../knowledge/shapes/packet.ts'
import { contains, equal, familyOf, isLoopback } from '../../packet/ipaddr.ts'
import { wired } from '../walk/network.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { placeIn } from '../path/literals.ts'
import { dockerPlace, type DockerNetworks } from './docker.ts'

export const entryDerivation: AnyDerivation = derivation({
  provides: 'path.entry',
  about: 'path',
  from: [],
  maybe: ['path.place', 'path.caller-namespace'],
  make: (_, { 'path.place': place, 'path.caller-namespace': namespace }, { names }) => {
    if (names.caller === undefined) return made<Entry>('lan', 'nobody is named as the source: anybody on the network')
    if (place === undefined) return notKnown('where the source runs is not known')
    if (place === 'outside' || place === 'other-client') return made<Entry>('lan', `source and target: ${place}`)
    if (namespace === 'host') return made<Entry>('host', "the source is in the client's own namespace")
    // Docker's own bridge: a container of its own calls from there even within one allocation.
    if (namespace === 'container') return made<Entry>('bridge', "the source is in a namespace of docker's own")
    if (namespace !== 'group') return notKnown("the source's network namespace is not known")
    return made<Entry>(place === 'same-client' ? 'bridge' : 'self', `source and target: ${place}`)
  },
})

interface Seen {
  readonly 'path.caller-namespace'?: string
  readonly 'source.alloc.containers'?: readonly Container[]
  readonly 'source.alloc.docker.networks'?: DockerNetworks
  readonly 'path.place'?: string
  readonly 'source.alloc.record'?: AllocRecord
  readonly 'source.alloc.uplink'?: { readonly veth: string; readonly bridge: { readonly name: string } | null } | null
  readonly 'source.node.addresses'?: readonly string[]
}

export type Arrival = Pick<Way, 'in' | 'also' | 'sources' | 'anyone'>

/** By which device packets come in, and with which source address. A text says why that is not known. */
export function arrival(
  names: Names,
  entry: Entry,
  address: string,
  links: readonly Link[],
  seen: Seen,
): Arrival | string {
  if (entry === 'host') return { in: '', sources: [address] }
  if (entry === 'bridge') {
    if (seen['path.caller-namespace'] === 'container') {
      const place = dockerPlace(names.task, seen['source.alloc.containers'], seen['source.alloc.docker.networks'])
      return typeof place === 'string' ? place : { in: place.device, sources: [place.address] }
    }
    const [device, source] = [seen['source.alloc.uplink']?.bridge?.name, seen['source.alloc.record']?.address]
    return device === undefined || source === undefined
      ? 'the network of the source is not known'
      : { in: device, sources: [source] }
  }
  if (isLoopback(address)) return 'a loopback address cannot be reached from elsewhere'
  const asked = callerOf(names.caller)
  if (asked !== undefined && familyOf(asked) !== familyOf(address))
    return `a caller at ${asked} cannot use the address ${address}`
  const link = links.find(({ addresses }) => addresses.some((own) => equal(own.address, address)))
  const own = link?.addresses.find((one) => equal(one.address, address))
  if (!link || !own) return `no interface of the client has the address ${address}`
  const network = `${own.address}/${own.prefix}`
  const beside = doors(links).flatMap(({ name, addresses }) =>
    name !== link.name && addresses.some((one) => one.prefix === own.prefix && contains(network, one.address))
      ? [name]
      : [],
  )
  const by = { in: link.name, ...(beside.length > 0 ? { also: beside } : {}) }
  if (asked !== undefined) {
    const device = deviceTo(asked, links)
    return { ...(device === undefined ? by : { in: device }), sources: [asked] }
  }
  if (seen['path.place'] === 'other-client' && !seen['source.node.addresses'])
    return "the addresses of the source's client are not known"
  const near = (seen['source.node.addresses'] ?? []).filter((one) => familyOf(one) === 4)
  const caller = near.find((one) => contains(network, one)) ?? near[0]
  return caller === undefined
    ? { ...by, sources: [neighbour(own.address, links), stranger[4]], anyone: true }
    : { ...by, sources: [caller] }
}

/** Devices that lead out of the client, and have an IPv4 address. */
export const doors = (links: readonly Link[]): readonly Link[] =>
  links.filter(
    ({ name, kind, up, addresses }) =>
      up &&
      addresses.some(({ family, scope }) => family === 4 && scope === 'global') &&
      (wired.has(kind) || links.some((port) => port.master === name && port.kind !== 'veth' && wired.has(port.kind))),
  )

/** The address of a caller outside, where it was named by one: `outside:10.0.0.9`, `outside:[2001:db8::9]:4000`. */
function callerOf(caller = ''): string | undefined {
  const host = placeIn(/^outside:(.+)$/.exec(caller)?.[1] ?? '')?.host
  return host !== undefined && familyOf(host) !== undefined ? host : undefined
}

/** Nothing where the client itself has the address; a bridge of its own, whose network nobody else is in. */
function deviceTo(address: string, links: readonly Link[]): string | undefined {
  if (links.some(({ addresses }) => addresses.some((own) => equal(own.address, address)))) return ''
  return links.find(
    ({ kind, addresses }) =>
      kind === 'bridge' && addresses.some((own) => contains(`${own.address}/${own.prefix}`, address)),
  )?.name
}

/** Another address of the same network, which none of the client's own interfaces has. */
function neighbour(address: string, links: readonly Link[]): string {
  const taken = new Set(links.flatMap(({ addresses }) => addresses.map((one) => one.address)))
  const [head, last] = [
    address.slice(0, address.lastIndexOf('.') + 1),
    Number(address.slice(address.lastIndexOf('.') + 1)),
  ]
  const free = [1, -1, 2, -2, 3, -3].map((step) => `${head}${last + step}`).find((one) => !taken.has(one))
  return free ?? stranger[4]
}
