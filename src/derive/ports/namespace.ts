import type { GroupSpec, TaskSpec } from '../../knowledge/shapes/job.ts'
import type { Namespace } from '../../knowledge/shapes/port.ts'
import { modeOf } from '../group.ts'

/** Drivers whose tasks live where the client puts them: in the host's namespace, or in the group's. */
const plain = new Set(['exec', 'exec2', 'raw_exec', 'java', 'qemu', 'mock_driver'])

/** What a container's own network_mode asks for; '' when it says nothing. */
export const ownMode = ({ config }: TaskSpec): string =>
  typeof config['network_mode'] === 'string' ? config['network_mode'] : ''

/**
 * Where the sockets of a task are. Docker's own network_mode wins over the group's network; podman's does not.
 * Source: client/allocrunner/network_hook.go, drivers/docker/driver.go, nomad-driver-podman driver.go.
 */
export function namespaceOf(task: TaskSpec, group: GroupSpec): Namespace {
  const shared = ['bridge', 'cni', 'none'].includes(modeOf(group))
  const mode = ownMode(task)
  if (plain.has(task.driver)) return shared ? 'group' : 'host'
  if (task.driver === 'podman' && shared) return 'group'
  if (task.driver !== 'docker' && task.driver !== 'podman') return 'unsure'
  if (mode === '') return shared ? 'group' : 'container'
  if (mode === 'host') return 'host'
  return ['default', 'bridge', 'nat'].includes(mode) ? 'container' : 'elsewhere'
}

/** Labels a container publishes. */
export const publishes = (task: TaskSpec, label: string): boolean =>
  (task.driver === 'docker' || task.driver === 'podman') &&
  Array.isArray(task.config['ports']) &&
  task.config['ports'].includes(label)

/** The tasks that may serve a port: the service's own, those that publish it, else every main task. */
export function serversOf(group: GroupSpec, label: string): readonly TaskSpec[] {
  const services = [...group.services, ...group.tasks.flatMap((task) => task.services)]
  const named = services.filter((service) => service.port === label).map((service) => service.task)
  const own = group.tasks.filter(({ name }) => named.includes(name))
  if (own.length > 0) return own
  const listed = group.tasks.filter((task) => publishes(task, label))
  if (listed.length > 0) return listed
  const main = group.tasks.filter(
    ({ lifecycle, name }) => !name.startsWith('connect-') && (lifecycle === undefined || lifecycle.sidecar),
  )
  return main.length > 0 ? main : group.tasks
}
