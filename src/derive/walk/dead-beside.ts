import type { Dial } from '../../knowledge/facts/path.ts'
import type { TaskSpec } from '../../knowledge/shapes/job.ts'
import type { Called } from '../../knowledge/shapes/said.ts'
import type { PathNetwork } from '../../knowledge/shapes/walk.ts'
import type { Member } from '../../knowledge/facts.ts'
import type { Namespace } from '../../knowledge/shapes/port.ts'
import type { AllocRecord, Container } from '../../knowledge/shapes/runtime.ts'
import type { Thing } from '../../knowledge/things.ts'
import { outcomeOf, walk } from '../../packet/walk/index.ts'
import type { DockerNetworks } from '../rules/docker.ts'
import { loops } from '../path/literals.ts'
import { beginningOf } from './beginning.ts'

export const besideNeeds = [
  'source.group.calls',
  'source.task.spec',
  'path.network',
  'path.caller-namespace',
  'source.alloc.containers',
  'source.alloc.docker.networks',
] as const

interface Known {
  readonly 'source.group.calls'?: readonly Called[]
  readonly 'source.task.spec'?: TaskSpec
  readonly 'path.network'?: PathNetwork
  readonly 'path.caller-namespace'?: Namespace | 'outside'
  readonly 'source.alloc.containers'?: readonly Container[]
  readonly 'source.alloc.docker.networks'?: DockerNetworks
  readonly 'every.node.allocations'?: readonly Member<readonly AllocRecord[]>[]
}

/**
 * A place that the caller calls beside the target: on a client of the path, with a number that no allocation was given, where
 * nothing listens for either protocol. What somebody has is a matter of the path to him. Undefined where that is not known.
 */
export function deadBeside(
  thing: Thing,
  dials: readonly Dial[],
  known: Known,
): { readonly place: string; readonly called: Called } | null | undefined {
  const { 'source.group.calls': calls, 'source.task.spec': spec, 'every.node.allocations': clients } = known
  const network = known['path.network']
  if (!calls || !spec || !network || !clients) return undefined
  const held = clients.flatMap(({ value }) => value).flatMap(({ ports }) => ports)
  const own = calls.filter(
    ({ task, host, port }) =>
      task === spec.name &&
      !loops(host) &&
      !dials.some((one) => one.host === host && one.port === port) &&
      !held.some((one) => one.hostIp === host && one.hostPort === port),
  )
  let open = false
  for (const called of own) {
    const node = Object.entries(network.places).find(
      ([id, { kind }]) => kind === 'client' && has(network.topology.namespaces[id]?.links ?? [], called.host),
    )?.[0]
    // Whoever has an address elsewhere is not looked at.
    if (node === undefined) continue
    const begin = beginningOf(thing, network, known)
    if (!begin) return undefined
    const traces = (['tcp', 'udp'] as const).flatMap((proto) =>
      walk(network.topology, begin.start, {
        proto,
        ...(begin.src === undefined ? {} : { src: begin.src }),
        dst: called.host,
        dport: called.port,
      }),
    )
    if (traces.every(({ verdict }) => verdict.kind === 'refused' && verdict.namespace === node))
      return { place: network.places[node]?.label ?? node, called }
    open ||= traces.some((trace) => outcomeOf(trace) === 'unknown')
  }
  return open ? undefined : null
}

const has = (
  links: readonly { readonly addresses: readonly { readonly address: string }[] }[],
  host: string,
): boolean => links.some(({ addresses }) => addresses.some(({ address }) => address === host))
