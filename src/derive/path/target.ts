import type { Facts, Member } from '../../knowledge/facts.ts'
import type { GroupSpec } from '../../knowledge/shapes/job.ts'
import type { AllocRecord } from '../../knowledge/shapes/runtime.ts'
import { jobId, type Thing } from '../../knowledge/things.ts'
import { placeIn } from './literals.ts'
import { inside } from './port.ts'
import type { Known } from './ways.ts'

/** Names of the services of a group and its tasks. */
export const servicesOf = (group: GroupSpec): readonly string[] =>
  [...group.services, ...group.tasks.flatMap(({ services }) => services)].map(({ name }) => name)

/** What a text may hold that means the target: built from its group, its allocations of now and before, and the clients. */
export function knownTarget(
  thing: Thing,
  group: GroupSpec | undefined,
  perClient: readonly Member<readonly AllocRecord[]>[],
  record: AllocRecord | undefined,
  nodes: Facts['cluster.nodes'],
): Known {
  const asked = thing.names.port === undefined ? [] : [Number(thing.names.port)]
  const outside = thing.names.address === undefined ? undefined : placeIn(thing.names.address)
  const all = perClient.flatMap(({ value }) => value)
  const past = all.filter(
    (one) => jobId(one.job, one.namespace) === thing.links['target.job'] && one.group === group?.name,
  )
  const own = record ? [...past, record] : past
  const declared = (group?.network?.ports ?? []).flatMap((port) => [port.static, port.to])
  const services = group ? [...group.services, ...group.tasks.flatMap((task) => task.services)] : []
  const numbers = [
    ...asked,
    outside?.port,
    ...declared,
    ...services.map(({ port }) => Number(port)),
    ...own.flatMap(({ ports }) => ports.flatMap((port) => [port.hostPort, inside(port)])),
  ]
  const clients = group ? nodes.flatMap(({ name, address }) => [name.toLowerCase(), address]) : []
  const addresses = own.flatMap(({ address, addressV6, ports }) => [
    address,
    addressV6,
    ...ports.map(({ hostIp }) => hostIp),
  ])
  const hosts = [...clients, ...addresses, outside?.host, ...services.map((one) => one.address)]
  const source = thing.links['source.group']
  return {
    services: services.map(({ name }) => name),
    labels: (group?.network?.ports ?? []).map(({ label }) => label),
    ports: new Set(numbers.filter((one): one is number => one !== undefined && one > 0)),
    hosts: new Set(hosts.filter((one): one is string => one !== undefined && one !== '')),
    sameGroup: typeof source === 'string' && source === thing.links['target.group'],
  }
}
