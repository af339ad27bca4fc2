import type { World } from '../../knowledge/fact.ts'
import { value } from '../../knowledge/held.ts'
import type { Start, Wanted } from '../../knowledge/shapes/packet.ts'
import type { PathNetwork } from '../../knowledge/shapes/walk.ts'
import { nodeId, type Thing } from '../../knowledge/things.ts'
import { familyOf } from '../../packet/ipaddr.ts'

export interface Connection {
  readonly what: string
  readonly start: Start
  readonly wanted: Wanted
}

/** More than a person reads; a client with more allocations is compared by its first ones. */
const most = 100
/** Stands for a caller far away (RFC 5737). */
const stranger = '203.0.113.77'

/** Other connections that a change on this path may touch: to every host port of its clients, from outside and from the source. */
export function bystandersOf(world: World, path: Thing, { topology, places }: PathNetwork): readonly Connection[] {
  const starts = value(world, path.id, 'path.walks')?.filter(({ begins }) => begins === 'source') ?? []
  const source = starts[0]?.start
  const clients = Object.entries(places).filter(([, { kind }]) => kind === 'client')
  const all = clients.flatMap(([namespace, { node = '' }]): Connection[] => {
    const allocations = value(world, nodeId(node), 'node.allocations') ?? []
    const links = topology.namespaces[namespace]?.links ?? []
    const live = allocations.filter(({ clientStatus }) => clientStatus === 'running')
    const ports = live.flatMap(({ job, group, ports }) => ports.map((port) => ({ ...port, of: `${job}/${group}` })))
    return ports
      .filter(({ hostIp }) => familyOf(hostIp) === 4)
      .flatMap(({ label, hostIp, hostPort, of }) => {
        const wanted = { proto: 'tcp', dst: hostIp, dport: hostPort } as const
        const device = links.find(({ addresses }) => addresses.some(({ address }) => address === hostIp))
        const what = `port ${label} of ${of} at ${hostIp}:${hostPort}`
        const outside: Connection[] = device
          ? [
              {
                what: `${what}, from outside`,
                start: { namespace, arrives: device.name },
                wanted: { ...wanted, src: stranger },
              },
            ]
          : []
        return source ? [...outside, { what: `${what}, from ${source.namespace}`, start: source, wanted }] : outside
      })
  })
  const found = all.filter((one, i) => all.findIndex(({ what }) => what === one.what) === i)
  return found.slice(0, most)
}
