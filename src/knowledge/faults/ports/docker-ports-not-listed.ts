import { edits, include } from '../../edit.ts'
import type { GroupSpec, TaskSpec } from '../../shapes/job.ts'
import type { DeclaredPort } from '../../shapes/said.ts'
import { mentionsAny, servers } from '../../said.ts'
import { servicesOf } from '../../discovery.ts'
import { declared } from '../../said-samples.ts'
import { fault } from '../../fault.ts'
import { group, service, task, way } from '../../samples.ts'

/** A service announces the port, and all tasks that may serve it are containers of their own that publish others, or nothing. */
const forgotten = (ports: readonly DeclaredPort[], spec: GroupSpec) =>
  ports
    .filter(
      ({ service: name, namespace, mapper }) => name !== undefined && namespace === 'container' && mapper === 'nobody',
    )
    .flatMap((port) => servers(port, spec).map((task) => ({ port, task })))
    .find(
      ({ port, task }) =>
        task.driver === 'docker' && !('port_map' in task.config) && declares(spec, task) && serves(port, task, spec),
    )

/**
 * Something shows that the port is meant to be reached: other ports in the list, the number in its texts, a check from
 * outside, or a port inside the container, which in host mode only this list leads to. A service that is only checked by
 * a script in its task may be registered for that check alone.
 */
function serves({ label, inside, port }: DeclaredPort, task: TaskSpec, spec: GroupSpec): boolean {
  if ('ports' in task.config || (inside !== undefined && mentionsAny([task], [inside]))) return true
  const own = servicesOf(spec).filter((one) => one.port === label)
  if (own.some(({ checks }) => checks.some(({ type }) => ['http', 'https', 'tcp', 'grpc'].includes(type)))) return true
  return port.to !== undefined && port.to > 0 && own.some(({ checks }) => checks.length === 0)
}

/** A list with a label that nobody declares keeps the task from starting: another fault. */
const declares = ({ network }: GroupSpec, { config }: TaskSpec): boolean =>
  !Array.isArray(config['ports']) ||
  config['ports'].every((label) => network?.ports.some((one) => one.label === label) === true)

export const dockerPortsNotListed = fault({
  id: 'docker-ports-not-listed',
  about: 'alloc',
  title: 'The docker config does not list the port, so docker publishes nothing',
  layer: 'port',
  severity: 'breaks',
  heard: [
    "No public port '<port>/tcp' published for <container>",
    'dial tcp <address>:<port>: connect: connection refused',
  ],
  onlyWhen: { 'alloc.status': ['running'] },
  needs: ['alloc.port-ways', 'group.spec'],
  holds: ({ 'alloc.port-ways': ways, 'group.spec': group }) => {
    const all = ways.filter(
      ({ wanted, namespace, mapper }) => wanted && namespace === 'container' && mapper === 'nobody',
    )
    const [lost] = all
    if (!lost) return false
    const whose =
      lost.task === undefined
        ? `the docker tasks of group ${group.name} do`
        : `the docker config of task ${lost.task} does`
    return {
      says: `Nobody answers at ${lost.hostIp}:${lost.hostPort} for port ${lost.label}: ${whose} not list it in ports, so docker publishes nothing`,
      ports: all.map(({ label }) => label),
    }
  },
  byHand:
    'docker inspect <task>-<alloc id>: NetworkSettings.Ports has no binding for the port; ss -ltn on the client shows no listener on the host port.',
  explains: [
    'app-ignores-assigned-port',
    'nsd-check-failing',
    'nsd-unhealthy-returned',
    'consul-service-critical-filtered',
    'connect-destination-unhealthy',
  ],
  because:
    "In host mode a docker task still has a network namespace of its own, on docker's bridge. Nomad only reserves the host port; docker opens it, and only for the labels in the task's config.ports. A port block that is not listed there is a number without anything behind it, and Nomad raises no error.",
  fix: ({ 'alloc.port-ways': ways, 'group.spec': spec }) => {
    const lost = ways.filter(
      ({ wanted, namespace, mapper }) => wanted && namespace === 'container' && mapper === 'nobody',
    )
    const [docker, ...others] = spec.tasks.filter(({ driver }) => driver === 'docker')
    const labels = lost.map(({ label }) => `"${label}"`)
    return [
      {
        do: `Add ports = [${labels.join(', ')}] to the docker config of the task`,
        on: 'job file',
        risk: 'The allocation is replaced',
        ...edits(
          docker && others.length === 0 ? lost.map(({ label }) => include(docker.config, 'ports', label)) : undefined,
          'the job does not say which task listens there',
        ),
      },
      {
        do: 'Submit the job again',
        on: 'job file',
        run: ['nomad', 'job', 'run', '<file>'],
        risk: 'The allocation is replaced',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/docker',
    'https://github.com/hashicorp/nomad/issues/8747',
  ],
  versions: { nomad: '>= 0.12.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'the label is in no docker task',
      given: {
        'alloc.status': 'running',
        'alloc.port-ways': [way({ namespace: 'container', mapper: 'nobody' })],
        'group.spec': { name: 'api', count: 1, constraints: [], networkBlocks: 1, services: [], tasks: [] },
      },
      then: 'present',
    },
    {
      name: 'docker publishes it',
      given: {
        'alloc.status': 'running',
        'alloc.port-ways': [way({ namespace: 'container', mapper: 'driver' })],
        'group.spec': { name: 'api', count: 1, constraints: [], networkBlocks: 1, services: [], tasks: [] },
      },
      then: 'absent',
    },
    {
      name: 'the task never started for another reason',
      given: {
        'alloc.status': 'failed',
        'alloc.port-ways': [way({ namespace: 'container', mapper: 'nobody' })],
        'group.spec': { name: 'api', count: 1, constraints: [], networkBlocks: 1, services: [], tasks: [] },
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['host'] },
    needs: ['group.ports', 'group.spec'],
    holds: ({ 'group.ports': ports, 'group.spec': spec }) => {
      const found = forgotten(ports, spec)
      return found
        ? {
            says: `Service ${found.port.service} is registered on port ${found.port.label}, but no docker task of group ${spec.name} lists that port in ports, so docker publishes nothing there`,
            at: 'ports' in found.task.config ? [found.task.config, 'ports'] : found.port.port,
          }
        : false
    },
    fix: ({ 'group.ports': ports, 'group.spec': spec }) => {
      const found = forgotten(ports, spec)
      return [
        {
          do: `Add "${forgotten(ports, spec)?.port.label ?? '<label>'}" to ports in the docker config of the task that listens there`,
          on: 'job file',
          risk: 'The allocation is replaced',
          ...edits(
            found && servers(found.port, spec).length === 1
              ? [include(found.task.config, 'ports', found.port.label)]
              : undefined,
            'the job does not say which task listens there',
          ),
        },
      ]
    },
    examples: [
      {
        name: 'the list is empty',
        given: {
          'group.network.mode': 'host',
          'group.ports': [declared({ namespace: 'container', mapper: 'nobody' })],
          'group.spec': group({ tasks: [task({ config: { ports: [] } })] }),
        },
        then: 'present',
      },
      {
        name: 'there is no list, and the port says where it leads in the container',
        given: {
          'group.network.mode': 'host',
          'group.ports': [
            declared({
              namespace: 'container',
              mapper: 'nobody',
              port: { label: 'http', to: 8080, hostNetwork: 'default' },
            }),
          ],
          'group.spec': group({ services: [service()], tasks: [task({ config: { image: 'shop/api:1' } })] }),
        },
        then: 'present',
      },
      {
        name: 'docker publishes it',
        given: {
          'group.network.mode': 'host',
          'group.ports': [declared({ namespace: 'container', mapper: 'driver' })],
          'group.spec': group({ services: [service()] }),
        },
        then: 'absent',
      },
      {
        name: 'in bridge mode no list is needed',
        given: { 'group.network.mode': 'bridge', 'group.ports': [declared()], 'group.spec': group() },
        then: 'absent',
      },
    ],
  },
})
