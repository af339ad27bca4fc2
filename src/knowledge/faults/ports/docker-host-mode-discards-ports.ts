import { fault } from '../../fault.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { ListeningPort } from '../../shapes/port.ts'
import { group, listening, task } from '../../samples.ts'

/** Ports a container in the host's namespace lists, and on whose number nothing listens. */
const discarded = (ports: readonly ListeningPort[], spec: GroupSpec) =>
  ports.find(({ namespace, state, label, task: name, atTo, others }) => {
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
    const found = discarded(ports, spec)
    if (!found) return false
    const instead = `; it listens on ${found.atTo ? found.to : found.others.join(', ')} of the client instead`
    return `Task ${found.task} has network_mode = "host", so docker discards the publication of port ${found.label}: nothing listens on ${found.hostIp}:${found.hostPort}${instead}`
  },
  byHand:
    'docker inspect <task>-<alloc id>: HostConfig.NetworkMode is host, HostConfig.PortBindings has the port, NetworkSettings.Ports is empty.',
  explains: ['to-without-mapper', 'app-ignores-assigned-port'],
  because:
    'With network_mode = "host" a container has no network of its own that a port could be published into. Docker drops the bindings with a warning in its own log. The application then binds whatever number it likes on the client itself, while Nomad goes on announcing the host port of the port block.',
  fix: ({ 'alloc.listening': ports, 'group.spec': spec }) => {
    const found = discarded(ports, spec)
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
})
