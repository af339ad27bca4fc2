import { meshOf } from '../../knowledge/mesh.ts'
import type { GroupSpec } from '../../knowledge/shapes/job.ts'
import type { Listener } from '../../knowledge/shapes/packet.ts'
import type { ListeningPort, PortWay } from '../../knowledge/shapes/port.ts'
import type { CheckResult } from '../../knowledge/shapes/runtime.ts'
import { accepts, isLoopback, isWildcard } from '../../packet/ss.ts'
import { isLoopback as loops } from '../../packet/ipaddr.ts'

export interface Seen {
  readonly ways: readonly PortWay[]
  readonly group: GroupSpec
  readonly address: string | undefined
  /** Sockets of the allocation's namespace and of the host's; results of native checks: each where it is known. */
  readonly own: readonly Listener[] | undefined
  readonly host: readonly Listener[] | undefined
  readonly checks: readonly CheckResult[] | undefined
}

/**
 * What is known of one port, or why nothing is. A native check comes through the very port, from the client: one that
 * passes settles it; without its result nothing is said of a port that has one.
 */
export function listeningPort(way: PortWay, seen: Seen): ListeningPort | string {
  const { namespace, mapper } = way
  const settled = (state: 'open' | 'apart'): ListeningPort => ({ ...way, state, others: [], atTo: false })
  if (namespace === 'container' && mapper === 'nobody') return settled('apart')
  if (checked(way, seen.group)) {
    if (!seen.checks) return 'the results of its checks are not known'
    if (seen.checks.some(({ service, status }) => service === way.service && status === 'success'))
      return settled('open')
  }
  if (namespace === 'group')
    return seen.own ? bySockets(way, seen, seen.own) : "the sockets in the allocation's namespace are not known"
  if (namespace === 'host')
    return seen.host ? bySockets(way, seen, seen.host) : 'the sockets of the client are not known'
  return `the sockets behind port ${way.label} cannot be seen, and no check of it passes`
}

/** What tells of one port: the results of its checks, and where these do not settle it the sockets. */
export function lookedAt(
  way: PortWay,
  seen: Seen,
): readonly ('alloc.checks' | 'alloc.netns.listeners' | 'node.listeners')[] {
  const asked = checked(way, seen.group)
  const passes = asked && (seen.checks ?? []).some((one) => one.service === way.service && one.status === 'success')
  const sockets = { group: ['alloc.netns.listeners'], host: ['node.listeners'] } as const
  const own = way.namespace === 'group' || way.namespace === 'host' ? sockets[way.namespace] : []
  return [...(passes ? [] : own), ...(asked ? (['alloc.checks'] as const) : [])]
}

/** The service of the port has native checks, and all of them ask the registered address and port. */
function checked({ service }: PortWay, group: GroupSpec): boolean {
  const own = [...group.services, ...group.tasks.flatMap((task) => task.services)].filter(
    ({ name }) => name === service,
  )
  const checks = own.flatMap((one) => one.checks)
  return (
    own.every(({ provider }) => provider === 'nomad') &&
    checks.length > 0 &&
    checks.every(({ port, addressMode }) => port === '' && ['', 'auto', 'host'].includes(addressMode))
  )
}

function bySockets(way: PortWay, { ways, group, address }: Seen, sockets: readonly Listener[]): ListeningPort {
  const onHost = way.namespace === 'host'
  const on = sockets.filter(({ port }) => port === way.inside)
  const takes = (socket: Listener): boolean =>
    isWildcard(socket) ||
    (!isLoopback(socket) && (onHost || address === undefined || accepts(socket, address, way.inside)))
  const open = on.some((socket) => takes(socket) || (onHost && accepts(socket, way.hostIp, way.inside)))
  const led = new Set(ways.map(({ inside }) => inside))
  const own = onHost ? sockets.filter((socket) => ofTask(socket, way, group)) : sockets
  const others = own.filter((socket) => !led.has(socket.port) && !loops(socket.address)).map(({ port }) => port)
  const hidden = onHost || meshOf(group) !== 'none' ? [] : sockets.filter((socket) => isHidden(socket, led))
  return {
    ...way,
    state: open ? 'open' : on.some(isLoopback) ? 'loopback' : 'closed',
    others: [...new Set(others)],
    ...(hidden.length > 0 ? { onLoopback: [...new Set(hidden.map(({ port }) => port))] } : {}),
    atTo: onHost && way.to !== undefined && sockets.some(({ port }) => port === way.to),
  }
}

/** Docker's own resolver listens on 127.0.0.11 of a network that docker made. */
const isHidden = ({ address, port }: Listener, led: ReadonlySet<number>): boolean =>
  !led.has(port) && loops(address) && address !== '127.0.0.11'

/** In the host's namespace only the name of the task's command tells whose socket it is. */
function ofTask(socket: Listener, way: PortWay, group: GroupSpec): boolean {
  const command = group.tasks.find(({ name }) => name === way.task)?.config['command']
  const base = typeof command === 'string' ? command.replace(/^.*\//, '').slice(0, 15) : ''
  return base !== '' && socket.processes.some(({ name }) => name === base)
}
