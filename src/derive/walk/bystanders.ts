import type { World } from '../../knowledge/fact.ts'
import { value } from '../../knowledge/held.ts'
import type { Link, Start, Wanted } from '../../knowledge/shapes/packet.ts'
import type { AllocRecord } from '../../knowledge/shapes/runtime.ts'
import type { PathNetwork } from '../../knowledge/shapes/walk.ts'
import { stranger } from '../../knowledge/stranger.ts'
import { allocId, nodeId, type Thing } from '../../knowledge/things.ts'
import { contains, familyOf } from '../../packet/ipaddr.ts'
import { placeOf } from './beginning.ts'

export interface Connection {
  readonly what: string
  readonly start: Start
  readonly wanted: Wanted
  /** Where it is meant to come, as far as that was read. */
  readonly meant?: readonly string[]
}

/** More than a person reads; a client with more allocations is compared by its first ones. */
const most = 150

interface Client {
  readonly namespace: string
  readonly links: readonly Link[]
  readonly source: Start | undefined
  readonly meantFor: (id: string) => Pick<Connection, 'meant'>
}

/**
 * Other connections that a change on this path may touch: to every host port of its clients by TCP and UDP, from outside
 * and from the source, from the client itself, which runs Nomad's checks, from every allocation there to somebody outside,
 * and from each of them to the ports of the others.
 * `left`: how many more there are than are compared.
 */
export function bystandersOf(
  world: World,
  path: Thing,
  { topology, places }: PathNetwork,
): { readonly some: readonly Connection[]; readonly left: number } {
  const starts = value(world, path.id, 'path.walks')?.filter(({ begins }) => begins === 'source') ?? []
  const clients = Object.entries(places).filter(([, { kind }]) => kind === 'client')
  const meantFor = (id: string): { meant?: readonly string[] } => {
    const place = placeOf(places, 'alloc', allocId(id))
    return place === undefined ? {} : { meant: [place] }
  }
  const all = clients.flatMap(([namespace, { node = '' }]): Connection[] => {
    const client = { namespace, links: topology.namespaces[namespace]?.links ?? [], source: starts[0]?.start, meantFor }
    const allocations = value(world, nodeId(node), 'node.allocations') ?? []
    const live = allocations.filter(({ clientStatus }) => clientStatus === 'running')
    return [...live.flatMap((one) => outOf(client, one)), ...live.flatMap((one) => into(client, one))]
  })
  const homes = clients.flatMap(([namespace, { node = '' }]) => {
    const links = topology.namespaces[namespace]?.links ?? []
    const records = value(world, nodeId(node), 'node.allocations') ?? []
    return records.filter(({ clientStatus }) => clientStatus === 'running').map((one) => ({ namespace, links, one }))
  })
  for (const { namespace, links, one } of homes)
    all.push(
      ...between(
        { namespace, links },
        one,
        homes.map((home) => home.one),
        meantFor,
      ),
    )
  const found = all.filter((one, i) => all.findIndex(({ what }) => what === one.what) === i)
  return { some: found.slice(0, most), left: Math.max(0, found.length - most) }
}

function into(
  { namespace, links, source, meantFor }: Client,
  { id, job, group, address, ports }: AllocRecord,
): readonly Connection[] {
  const meant = meantFor(id)
  // Nomad's own checks go to the port as it is registered, or to the allocation itself.
  const checks = ports.flatMap(({ label, hostIp, hostPort, to }): Connection[] => {
    const what = `port ${label} of ${job}/${group} at`
    const own = { start: { namespace }, ...meant }
    const inside = address !== undefined && address !== hostIp && to > 0
    return [
      {
        what: `${what} ${hostIp}:${hostPort}, from the client`,
        ...own,
        wanted: { proto: 'tcp', dst: hostIp, dport: hostPort },
      },
      ...(inside
        ? [
            {
              what: `${what} ${address}:${to}, from the client`,
              ...own,
              wanted: { proto: 'tcp', dst: address, dport: to } as const,
            },
          ]
        : []),
    ]
  })
  const calls = ports.flatMap(({ label, hostIp, hostPort }) =>
    (['tcp', 'udp'] as const).flatMap((proto): Connection[] => {
      const family = familyOf(hostIp)
      if (family === undefined) return []
      const wanted = { proto, dst: hostIp, dport: hostPort } as const
      const device = links.find(({ addresses }) => addresses.some(({ address }) => address === hostIp))
      const place = family === 6 ? `[${hostIp}]` : hostIp
      const what = `port ${label} of ${job}/${group} at ${place}:${hostPort}${proto === 'udp' ? ' by UDP' : ''}`
      const arrives = { namespace, arrives: device?.name ?? '' }
      return [
        ...(device
          ? [{ what: `${what}, from outside`, start: arrives, wanted: { ...wanted, src: stranger[family] }, ...meant }]
          : []),
        ...(source ? [{ what: `${what}, from ${source.namespace}`, start: source, wanted, ...meant }] : []),
      ]
    }),
  )
  return [...calls, ...checks]
}

/** From one allocation, as it comes to its client, to the host ports of the others. */
function between(
  { namespace, links }: Pick<Client, 'namespace' | 'links'>,
  { id, job, group, address: src }: AllocRecord,
  all: readonly AllocRecord[],
  meantFor: (id: string) => Pick<Connection, 'meant'>,
): readonly Connection[] {
  const bridge = src === undefined ? undefined : bridgeOf(links, src)
  if (src === undefined || !bridge) return []
  return all
    .filter((one) => one.id !== id)
    .flatMap((one) =>
      one.ports
        .filter(({ hostIp }) => familyOf(hostIp) === familyOf(src))
        .map(({ label, hostIp, hostPort }): Connection => ({
          what: `port ${label} of ${one.job}/${one.group} at ${hostIp}:${hostPort}, from ${job}/${group} at ${src}`,
          start: { namespace, arrives: bridge.name },
          wanted: { proto: 'tcp', src, dst: hostIp, dport: hostPort },
          ...meantFor(one.id),
        })),
    )
}

const bridgeOf = (links: readonly Link[], src: string): Link | undefined =>
  links.find(
    ({ kind, addresses }) =>
      kind === 'bridge' && addresses.some((one) => contains(`${one.address}/${one.prefix}`, src)),
  )

/** What an allocation sends out, as it comes to its client by the bridge whose network it is in. */
function outOf({ namespace, links }: Client, { job, group, address, addressV6 }: AllocRecord): readonly Connection[] {
  return [address, addressV6].flatMap((src): Connection[] => {
    const family = src === undefined ? undefined : familyOf(src)
    const bridge = bridgeOf(links, src ?? '')
    if (src === undefined || family === undefined || !bridge) return []
    const wanted = { proto: 'tcp', src, dst: stranger[family], dport: 443 } as const
    const what = `${job}/${group} at ${src} to the outside`
    return [{ what, start: { namespace, arrives: bridge.name }, wanted }]
  })
}
