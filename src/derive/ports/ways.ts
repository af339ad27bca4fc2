import type { GroupSpec } from '../../knowledge/shapes/job.ts'
import type { Namespace, PortWay } from '../../knowledge/shapes/port.ts'
import type { AllocPort } from '../../knowledge/shapes/runtime.ts'
import { modeOf } from '../group.ts'
import { namespaceOf, publishes, serversOf } from './namespace.ts'

/** How one port of an allocation leads to a process. `asked`: the port of the person's question. */
export function wayOf(port: AllocPort, group: GroupSpec, asked: string | number | undefined): PortWay {
  const servers = serversOf(group, port.label)
  const kinds = new Set(servers.map((task) => namespaceOf(task, group)))
  const [only] = kinds
  const namespace: Namespace = kinds.size === 1 && only !== undefined ? only : 'unsure'
  const mode = modeOf(group)
  const driver =
    servers.some((task) => publishes(task, port.label)) && (namespace === 'container' || namespace === 'elsewhere')
  const mapper = mode === 'bridge' || mode === 'cni' ? 'portmap' : driver ? 'driver' : 'nobody'
  const to = port.to > 0 && port.to !== port.hostPort ? port.to : undefined
  // Where nobody maps, the process has to bind the host port itself, whatever `to` says.
  const inside = to !== undefined && !(mapper === 'nobody' && namespace === 'host') ? to : port.hostPort
  const services = [...group.services, ...group.tasks.flatMap((task) => task.services)]
  const service = services.find(
    (one) => one.port === port.label && one.connect === undefined && one.addressMode !== 'driver',
  )
  const declared = (group.network?.ports ?? []).find(({ label }) => label === port.label)
  const [first] = servers
  return {
    label: port.label,
    hostIp: port.hostIp,
    hostPort: port.hostPort,
    inside,
    ...(to === undefined ? {} : { to }),
    dynamic: declared?.static === undefined,
    mapper,
    namespace,
    ...(servers.length === 1 && first ? { task: first.name } : {}),
    ...(service ? { service: service.name } : {}),
    wanted:
      service !== undefined ||
      (asked !== undefined && [port.label, String(port.hostPort), String(to ?? port.hostPort)].includes(String(asked))),
  }
}
