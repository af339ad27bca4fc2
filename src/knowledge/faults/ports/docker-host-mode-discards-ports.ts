import { edits, unset } from '../../edit.ts'
import type { DeclaredPort } from '../../shapes/said.ts'
import { mentionsAny, servers } from '../../said.ts'
import { declared } from '../../said-samples.ts'
import { fault } from '../../fault.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { ListeningPort } from '../../shapes/port.ts'
import { group, listening, task } from '../../samples.ts'

/** Ports a container in the host's namespace lists, and on whose number nothing listens. */
const discarded = (ports: readonly ListeningPort[], spec: GroupSpec) =>
  ports.filter(({ namespace, state, label, task: name, atTo, others }) => {
    const config = spec.tasks.find((one) => one.name === name && one.driver === 'docker')?.config
    return (
      namespace === 'host' &&
      state === 'closed' &&
      (atTo || others.length > 0) &&
      config?.['network_mode'] === 'host' &&
      Array.isArray(config['ports']) &&
      config['ports'].includes(label)
    )
  })

/** A published port with a number of its own inside, on a container that shares the host's namespace. */
function dropped(ports: readonly DeclaredPort[], spec: GroupSpec) {
  const all = ports
    .flatMap((port) => servers(port, spec).map((task) => ({ port, task })))
    .filter(
      ({
        port: {
          label,
          namespace,
          port: { to = 0, static: host },
        },
        task,
      }) => {
        const { config, driver } = task
        const listed = Array.isArray(config['ports']) && config['ports'].includes(label)
        const knows = [
          `NOMAD_HOST_PORT_${label}`,
          `NOMAD_ADDR_${label}`,
          `NOMAD_HOST_ADDR_${label}`,
          ...(host ? [host] : []),
        ]
        return (
          driver === 'docker' &&
          namespace === 'host' &&
          config['network_mode'] === 'host' &&
          listed &&
          to > 0 &&
          to !== host &&
          !mentionsAny([task], knows)
        )
      },
    )
  const [first] = all
  return first && { ...first, ports: all.filter(({ task }) => task === first.task).map(({ port }) => port) }
}
const leads = ({ port: { static: host, to } }: DeclaredPort): string => `from ${host ?? 'its host port'} to ${to}`

export const dockerHostModeDiscardsPorts = fault({
  id: 'docker-host-mode-discards-ports',
  about: 'alloc',
  title: 'Docker discards the published port, because the container uses the network of the host',
  layer: 'port',
  severity: 'breaks',
  heard: ['Published ports are discarded when using host network mode'],
  onlyWhen: { 'group.network.mode': ['host'], 'alloc.status': ['running'] },
  needs: ['alloc.listening', 'group.spec'],
  holds: ({ 'alloc.listening': ports, 'group.spec': spec }) => {
    const all = discarded(ports, spec)
    const [found] = all
    if (!found) return false
    const instead = `; it listens on ${found.atTo ? found.to : found.others.join(', ')} of the client instead`
    return {
      says: `Task ${found.task} has network_mode = "host", so docker discards the publication of port ${found.label}: nothing listens on ${found.hostIp}:${found.hostPort}${instead}`,
      ports: all.map(({ label }) => label),
    }
  },
  byHand:
    'docker inspect <task>-<alloc id>: HostConfig.NetworkMode is host, HostConfig.PortBindings has the port, NetworkSettings.Ports is empty.',
  explains: [
    'to-without-mapper',
    'app-ignores-assigned-port',
    'nsd-check-failing',
    'nsd-unhealthy-returned',
    'consul-service-critical-filtered',
    'connect-destination-unhealthy',
  ],
  because:
    'With network_mode = "host" a container has no network of its own that a port could be published into. Docker drops the bindings with a warning in its own log. The application then binds whatever number it likes on the client itself, while Nomad goes on announcing the host port of the port block.',
  fix: ({ 'alloc.listening': ports, 'group.spec': spec }) => {
    const [found] = discarded(ports, spec)
    return [
      {
        do: `Either delete network_mode = "host" from task ${found?.task ?? ''}, or make the port block fit: static = ${found?.to ?? '<port of the application>'} without to, and no ports list`,
        on: 'job file',
        risk: 'The allocation is replaced; a static port needs to be free on the client',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/docker',
    'https://github.com/hashicorp/nomad/issues/4954',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'listed, and the application listens on its own port',
      given: {
        'group.network.mode': 'host',
        'alloc.status': 'running',
        'alloc.listening': [
          listening({ namespace: 'host', mapper: 'nobody', inside: 25000, state: 'closed', atTo: true }),
        ],
        'group.spec': group({ tasks: [task({ config: { network_mode: 'host', ports: ['http'] } })] }),
      },
      then: 'present',
    },
    {
      name: 'the application binds the host port: nothing is lost',
      given: {
        'group.network.mode': 'host',
        'alloc.status': 'running',
        'alloc.listening': [listening({ namespace: 'host', mapper: 'nobody', inside: 25000, state: 'open' })],
        'group.spec': group({ tasks: [task({ config: { network_mode: 'host', ports: ['http'] } })] }),
      },
      then: 'absent',
    },
    {
      name: 'the task does not run',
      given: { 'group.network.mode': 'host', 'alloc.status': 'failed', 'alloc.listening': [], 'group.spec': group() },
      then: 'absent',
    },
    {
      name: 'in a bridge group the task is where no port of the group leads, which is another fault',
      given: {
        'group.network.mode': 'bridge',
        'alloc.status': 'running',
        'alloc.listening': [listening({ namespace: 'host', state: 'closed', atTo: true })],
        'group.spec': group({ tasks: [task({ config: { network_mode: 'host', ports: ['http'] } })] }),
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['host'] },
    needs: ['group.ports', 'group.spec'],
    holds: ({ 'group.ports': ports, 'group.spec': spec }) => {
      const found = dropped(ports, spec)
      if (!found) return false
      const { ports: lost, task } = found
      const labels = lost.map(({ label }) => label)
      return {
        says: `Task ${task.name} has network_mode = "host", so docker discards the publication of ${labels.length > 1 ? 'ports' : 'port'} ${labels.join(' and ')}: nothing leads ${lost.map(leads).join(', or ')}`,
        at: [task.config, 'network_mode'],
        ports: labels,
      }
    },
    fix: ({ 'group.ports': ports, 'group.spec': spec }) => {
      const found = dropped(ports, spec)
      return [
        {
          do: `Delete network_mode = "host" from task ${found?.task.name ?? ''}; or set static = ${found?.port.port.to ?? '<port>'} without to, and no ports list`,
          on: 'job file',
          risk: 'The allocation is replaced; a static port needs to be free on the client',
          ...edits(found && [unset(found.task.config, 'network_mode')], 'the task is not written out'),
        },
      ]
    },
    meets: ({ 'alloc.listening': heard, 'group.spec': spec }, { 'group.ports': ports, 'group.spec': file }) => {
      const found = dropped(ports, file)
      const all = found === undefined ? [] : found.ports.map(({ label }) => label)
      return discarded(heard, spec).some((one) => one.task === found?.task.name && all.includes(one.label))
    },
    examples: [
      {
        name: 'host port 8080 to 80 of nginx',
        given: {
          'group.network.mode': 'host',
          'group.ports': [
            declared({
              namespace: 'host',
              mapper: 'nobody',
              port: { label: 'http', static: 8080, to: 80, hostNetwork: 'default' },
            }),
          ],
          'group.spec': group({ tasks: [task({ config: { network_mode: 'host', ports: ['http'] } })] }),
        },
        then: 'present',
      },
      {
        name: 'the same number on both sides',
        given: {
          'group.network.mode': 'host',
          'group.ports': [
            declared({
              namespace: 'host',
              mapper: 'nobody',
              port: { label: 'http', static: 80, to: 80, hostNetwork: 'default' },
            }),
          ],
          'group.spec': group({ tasks: [task({ config: { network_mode: 'host', ports: ['http'] } })] }),
        },
        then: 'absent',
      },
      {
        name: 'a bridge group',
        given: { 'group.network.mode': 'bridge', 'group.ports': [], 'group.spec': group() },
        then: 'absent',
      },
    ],
  },
})
