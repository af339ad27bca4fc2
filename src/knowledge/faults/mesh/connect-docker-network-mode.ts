import { edits, unset } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { applications } from '../../mesh.ts'
import { group, meshed, task } from '../../samples.ts'
import type { GroupSpec, TaskSpec } from '../../shapes/job.ts'

const ownMode = ({ driver, config }: TaskSpec): string | undefined => {
  const mode = config['network_mode']
  const own = ['docker', 'podman'].includes(driver) && typeof mode === 'string' && mode !== ''
  return own && !mode.startsWith('container:') && !mode.startsWith('task:') ? mode : undefined
}

/** The task that is to speak with the sidecar: the service's own, or the only one. */
function apart(spec: GroupSpec) {
  const main = applications(spec).filter(({ lifecycle }) => lifecycle === undefined)
  for (const { connect, task: named, name } of spec.services) {
    if (connect?.sidecar === undefined) continue
    const found = main.find((one) => (named === undefined ? main.length === 1 : one.name === named))
    const mode = found && ownMode(found)
    if (found && mode !== undefined) return { task: found.name, mode, service: name, config: found.config }
  }
  return undefined
}

export const connectDockerNetworkMode = fault({
  id: 'connect-docker-network-mode',
  about: 'group',
  title: 'The application has left the namespace in which its sidecar listens',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'dial tcp 127.0.0.1:<local_bind_port>: connect: connection refused',
    'upstream connect error or disconnect/reset before headers. reset reason: connection failure',
  ],
  onlyWhen: { 'group.network.mode': ['bridge', 'cni'] },
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = apart(spec)
    return found
      ? {
          says: `Task ${found.task} has network_mode = "${found.mode}", so it is not in the namespace of group ${spec.name}, where the sidecar of ${found.service} listens on 127.0.0.1`,
          at: [found.config, 'network_mode'],
        }
      : false
  },
  byHand: 'docker inspect <task>-<alloc id>: HostConfig.NetworkMode is not container:<id of nomad_init_<alloc id>>.',
  explains: ['docker-network-mode-overrides-group', 'same-group-not-shared-netns', 'task-in-other-namespace'],
  because:
    'Sidecar and application speak over loopback, which works because both join the namespace of the group. A network_mode in the docker config of the task wins over that and takes the container elsewhere. Its upstreams on 127.0.0.1 then lead to nobody, and the sidecar finds nobody on the port of the application.',
  fix: ({ 'group.spec': spec }) => {
    const found = apart(spec)
    return [
      {
        do: `Delete network_mode from the docker config of task ${found?.task ?? ''}`,
        on: 'job file',
        risk: 'The allocation is replaced; ports the task opened elsewhere need a port block',
        ...edits(found && [unset(found.config, 'network_mode')], 'the task is not written out'),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking#bridge-networking',
    'https://developer.hashicorp.com/nomad/docs/job-specification/connect',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'network_mode host beside a sidecar',
      given: {
        'group.network.mode': 'bridge',
        'group.spec': group({ services: [meshed()], tasks: [task({ config: { network_mode: 'host' } })] }),
      },
      then: 'present',
    },
    {
      name: 'none given',
      given: { 'group.network.mode': 'bridge', 'group.spec': group({ services: [meshed()] }) },
      then: 'absent',
    },
    {
      name: 'another task, for which the service does not stand',
      given: {
        'group.network.mode': 'bridge',
        'group.spec': group({
          services: [meshed({ task: 'server' })],
          tasks: [task(), task({ name: 'probe', config: { network_mode: 'host' } })],
        }),
      },
      then: 'absent',
    },
    {
      name: 'host networking has no namespace to leave',
      given: { 'group.network.mode': 'host', 'group.spec': group({ services: [meshed()] }) },
      then: 'absent',
    },
  ],
})
