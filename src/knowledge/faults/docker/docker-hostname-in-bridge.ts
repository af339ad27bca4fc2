import { edits, unset } from '../../edit.ts'
import { configText } from '../../container.ts'
import { fault } from '../../fault.ts'
import { task } from '../../samples.ts'

const named = task({ config: { hostname: 'ldap.example' } })

export const dockerHostnameInBridge = fault({
  id: 'docker-hostname-in-bridge',
  about: 'task',
  title: 'The docker config sets a host name for a container that shares the network of its group',
  layer: 'job',
  severity: 'breaks',
  heard: [
    'failed to create container: Error response from daemon: conflicting options: hostname and the network mode',
    'conflicting options: hostname and the network mode',
  ],
  onlyWhen: { 'task.driver': ['docker'], 'task.namespace': ['group'], 'task.started': ['no'] },
  needs: ['task.spec'],
  holds: ({ 'task.spec': task }) => {
    const hostname = configText(task, 'hostname')
    return hostname === ''
      ? false
      : {
          says: `Task ${task.name} has hostname = "${hostname}" in its docker config, but it joins the network namespace of its group: docker refuses to create the container`,
          at: [task.config, 'hostname'],
        }
  },
  byHand: 'nomad alloc status <alloc>: event Driver Failure with: conflicting options: hostname and the network mode.',
  explains: [],
  because:
    'All tasks of a bridge group live in the namespace of the pause container, and with it they share one host name. Docker refuses a host name for a container that joins another one. Nomad hands the option through unchecked, so the job is accepted, placed, and fails at its first container.',
  fix: ({ 'task.spec': task }) => [
    {
      do: `Delete hostname from the docker config of task ${task.name}`,
      on: 'job file',
      risk: 'The allocation is replaced',
      ...edits([unset(task.config, 'hostname')], 'it is not written out', true),
    },
    {
      do: `Where the name matters, set hostname = "${configText(task, 'hostname')}" in the network block of the group; then all of its tasks must use docker`,
      on: 'job file',
      risk: 'The allocation is replaced',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#hostname',
    'moby daemon/internal/runconfig/hostconfig.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'it runs all the same',
      given: { 'task.started': 'yes', 'task.driver': 'docker', 'task.namespace': 'group', 'task.spec': named },
      then: 'absent',
    },
    {
      name: 'a host name in a bridge group',
      given: { 'task.started': 'no', 'task.driver': 'docker', 'task.namespace': 'group', 'task.spec': named },
      then: 'present',
    },
    {
      name: 'no host name',
      given: { 'task.started': 'no', 'task.driver': 'docker', 'task.namespace': 'group', 'task.spec': task() },
      then: 'absent',
    },
    {
      name: 'a container of its own may have one',
      given: { 'task.started': 'no', 'task.driver': 'docker', 'task.namespace': 'container', 'task.spec': named },
      then: 'absent',
    },
    {
      name: 'another driver',
      given: { 'task.started': 'no', 'task.driver': 'podman', 'task.namespace': 'group', 'task.spec': named },
      then: 'absent',
    },
  ],
})
