import { contains, isLoopback } from '../../packet/ipaddr.ts'
import { isLoopback as onLoopback, isWildcard } from '../../packet/ss.ts'
import type { GroupSpec } from '../../knowledge/shapes/job.ts'
import type { Link, Route } from '../../knowledge/shapes/packet.ts'
import type { AllocRecord } from '../../knowledge/shapes/runtime.ts'
import type { Said } from '../../knowledge/shapes/said.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { loops } from './literals.ts'
import { linked } from './place.ts'

/** Where the packets of a path start, where they are sent, and whether the way there is the caller's own. */
export const reachDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'path.caller-namespace',
    about: 'path',
    from: [],
    maybe: ['source.task.namespace'],
    make: (_, { 'source.task.namespace': namespace }, thing) => {
      if (linked(thing, 'source.group') === 'nobody')
        return made(linked(thing, 'source.node') === 'nobody' ? 'outside' : 'host', 'the source is no allocation')
      return namespace ?? notKnown("the source's namespace is not known")
    },
  }),
  derivation({
    provides: 'path.local-listeners',
    about: 'path',
    from: ['path.caller-namespace', 'path.dials'],
    maybe: [
      'source.alloc.netns.listeners',
      'source.node.listeners',
      'source.alloc.record',
      'source.group.spec',
      'source.group.listens',
    ],
    shows: ['source.alloc.netns.listeners', 'source.node.listeners'],
    make: (
      { 'path.caller-namespace': namespace, 'path.dials': dials },
      {
        'source.alloc.netns.listeners': own,
        'source.node.listeners': host,
        'source.alloc.record': record,
        'source.group.spec': spec,
        'source.group.listens': listens,
      },
      _,
      { 'source.alloc.netns.listeners': unread },
    ) => {
      const wanted = dials.flatMap(({ host: to, port }) => (loops(to) && port !== undefined ? [port] : []))
      if (wanted.length === 0) return made([], 'nothing is dialled on loopback')
      // A container with a namespace of its own has nothing in it but this task, which does not call itself.
      if (namespace === 'container' || namespace === 'outside') return made([], 'the source has a namespace of its own')
      const sockets = namespace === 'group' ? own : namespace === 'host' ? host : undefined
      const gone = namespace === 'group' && unread !== undefined && !isOpen(unread)
      if (!sockets && gone && record && spec && failedAlone(record, spec, wanted, listens))
        return made(
          [],
          `allocation ${record.id.slice(0, 8)} failed; of its group nothing ran but task ${spec.tasks[0]?.name ?? ''}, which says nowhere that it listens there`,
          'source.alloc.record',
        )
      if (!sockets) return notKnown("the sockets in the source's namespace are not known")
      const found = wanted.filter((port) =>
        sockets.some((socket) => socket.port === port && (isWildcard(socket) || onLoopback(socket))),
      )
      return made(
        [...new Set(found)],
        wanted
          .map((port) => `127.0.0.1:${port}: ${found.includes(port) ? 'a socket listens' : 'no socket listens'}`)
          .join('\n'),
      )
    },
  }),
  derivation({
    provides: 'path.registered',
    about: 'path',
    from: ['path.service'],
    maybe: ['target.service.rows', 'target.service.consul'],
    make: (
      { 'path.service': service },
      { 'target.service.rows': rows, 'target.service.consul': instances },
      { links },
    ) => {
      if (!service) return made([], 'no service stands for the port')
      const id = links['target.alloc']
      if (id === null) return made([], 'the target runs nowhere')
      if (id === undefined) return notKnown('the allocations of the target are not known')
      const alloc = id.replace(/^alloc:/, '')
      const found =
        service.provider === 'consul'
          ? instances
              ?.filter(({ id }) => id.includes(alloc))
              .map(({ address, nodeAddress, port }) => ({ address: address || nodeAddress, port }))
          : rows?.filter((row) => row.alloc === alloc).map(({ address, port }) => ({ address, port }))
      if (!found) return notKnown(`the registrations of ${service.name} are not known`)
      return made(
        found,
        found.map(({ address, port }) => `${service.name}: ${address}:${port}`).join('\n') ||
          `${service.name} is not registered for the allocation`,
        service.provider === 'consul' ? 'target.service.consul' : 'target.service.rows',
      )
    },
  }),
  derivation({
    provides: 'path.host-address',
    about: 'path',
    from: ['path.port', 'target.node.links', 'target.node.routes', 'source.node.routes'],
    shows: 'target.node.links',
    make: ({
      'path.port': { mapped },
      'target.node.links': links,
      'target.node.routes': own,
      'source.node.routes': theirs,
    }) => {
      const address = mapped?.hostIp ?? ''
      const device = deviceOf(links, address)
      const [home] = own
        .filter(({ dst, dev }) => dst === 'default' && dev !== undefined)
        .toSorted((a, b) => a.metric - b.metric)
      const homes = links
        .filter(({ name }) => name === home?.dev)
        .flatMap((link) => link.addresses.map(({ address }) => address))
      const better = homes.find((one) => known(theirs, one))
      const value = {
        address,
        device: device ?? null,
        default: home?.dev ?? null,
        routed: address !== '' && known(theirs, address),
        better: better ?? null,
      }
      return made(
        value,
        `${address} is on ${value.device ?? 'no interface'}; the default route leaves by ${value.default ?? 'no interface'}`,
      )
    },
  }),
]

/** Nobody asked so far. */
const isOpen = ({ why, detail }: { readonly why: string; readonly detail?: string }): boolean =>
  why === 'not-asked' && detail === undefined

/**
 * A caller that is gone has no sockets to be read. One that ran alone and failed had nobody but itself to call on loopback, as
 * long as it says of no such port that it listens there; one that ended well may have been answered.
 */
const failedAlone = (
  { clientStatus }: AllocRecord,
  { tasks }: GroupSpec,
  ports: readonly number[],
  listens: readonly Said[] | undefined,
): boolean =>
  clientStatus === 'failed' &&
  tasks.length === 1 &&
  listens !== undefined &&
  !listens.some(({ port }) => port === undefined || ports.includes(port))

const deviceOf = (links: readonly Link[], address: string): string | undefined =>
  links.find((link) => link.addresses.some((one) => one.address === address))?.name

/** The routes know the way there, by more than the default route. */
const known = (routes: readonly Route[], address: string): boolean =>
  isLoopback(address) ||
  routes.some(
    ({ dst, type, table }) =>
      dst !== 'default' && ['unicast', 'local'].includes(type) && table !== '0' && contains(dst, address),
  )
