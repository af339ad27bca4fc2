import type { GroupSpec } from '../../knowledge/shapes/job.ts'
import type { Listener } from '../../knowledge/shapes/packet.ts'
import type { ListeningPort, PortWay } from '../../knowledge/shapes/port.ts'
import { accepts, isLoopback, isWildcard } from '../../packet/ss.ts'
import { isLoopback as loops } from '../../packet/ipaddr.ts'

/** The state of one port, from the sockets of the namespace its process must be in. `all`: every port of the allocation. */
export function listeningPort(
  way: PortWay,
  all: readonly PortWay[],
  sockets: readonly Listener[],
  group: GroupSpec,
  address: string | undefined,
): ListeningPort {
  const on = sockets.filter(({ port }) => port === way.inside)
  const takes = (socket: Listener): boolean =>
    isWildcard(socket) ||
    (way.namespace === 'host'
      ? accepts(socket, way.hostIp, way.inside) || !isLoopback(socket)
      : !isLoopback(socket) && (address === undefined || accepts(socket, address, way.inside)))
  const state = on.some(takes) ? 'open' : on.some(isLoopback) ? 'loopback' : 'closed'
  const led = new Set(all.map(({ inside }) => inside))
  const own = way.namespace === 'host' ? sockets.filter((socket) => ofTask(socket, way, group)) : sockets
  const others = [
    ...new Set(own.filter((socket) => !led.has(socket.port) && !loops(socket.address)).map(({ port }) => port)),
  ]
  return {
    ...way,
    state,
    others,
    atTo: way.namespace === 'host' && way.to !== undefined && sockets.some(({ port }) => port === way.to),
  }
}

/** In the host's namespace only the name of the task's command tells whose socket it is. */
function ofTask(socket: Listener, way: PortWay, group: GroupSpec): boolean {
  const command = group.tasks.find(({ name }) => name === way.task)?.config['command']
  const base = typeof command === 'string' ? command.replace(/^.*\//, '').slice(0, 15) : ''
  return base !== '' && socket.processes.some(({ name }) => name === base)
}
