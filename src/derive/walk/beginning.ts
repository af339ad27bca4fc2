import type { Start } from '../../knowledge/shapes/packet.ts'
import type { Namespace } from '../../knowledge/shapes/port.ts'
import type { Container } from '../../knowledge/shapes/runtime.ts'
import type { PathNetwork } from '../../knowledge/shapes/walk.ts'
import type { Thing } from '../../knowledge/things.ts'
import { dockerPlace, type DockerNetworks } from '../rules/docker.ts'

interface Known {
  readonly 'path.caller-namespace'?: Namespace | 'outside'
  readonly 'source.alloc.containers'?: readonly Container[]
  readonly 'source.alloc.docker.networks'?: DockerNetworks
}

/** Where the caller opens its connections; undefined where that namespace was not read. */
export function beginningOf(
  { links, names }: Thing,
  { places }: PathNetwork,
  known: Known,
): { readonly start: Start; readonly src?: string } | undefined {
  const [node, alloc] = [
    placeOf(places, 'client', links['source.node']),
    placeOf(places, 'alloc', links['source.alloc']),
  ]
  const caller = known['path.caller-namespace']
  if (caller === 'group') return alloc === undefined ? undefined : { start: { namespace: alloc } }
  if (node === undefined) return undefined
  if (caller === 'host') return { start: { namespace: node } }
  if (caller !== 'container') return undefined
  // The inside of a container of docker's own is not read: its packets are met where they come out of it.
  const place = dockerPlace(names.task, known['source.alloc.containers'], known['source.alloc.docker.networks'])
  return typeof place === 'string'
    ? undefined
    : { start: { namespace: node, arrives: place.device }, src: place.address }
}

/** What the facts must hold to say where packets start. */
export const startNeeds = ['source.alloc.record', 'source.alloc.containers', 'source.alloc.docker.networks'] as const

/** The namespace of a client or an allocation, by the id of the thing. */
export const placeOf = (
  places: PathNetwork['places'],
  kind: 'client' | 'alloc',
  thing: string | null | undefined,
): string | undefined =>
  Object.entries(places).find(
    ([, place]) =>
      place.kind === kind &&
      `${kind === 'client' ? 'node' : 'alloc'}:${place[kind === 'client' ? 'node' : 'alloc'] ?? ''}` === thing,
  )?.[0]
