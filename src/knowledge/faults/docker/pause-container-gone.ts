import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import { record } from '../../samples.ts'

const gone = /cannot join network (?:namespace )?of a non.running container|No such container: [0-9a-f]{12,}/i

const text =
  'Failed to start container 6b2355: Error response from daemon: cannot join network of a non running container: 0f3c7be2a1d9'

export const pauseContainerGone = fault({
  id: 'pause-container-gone',
  about: 'alloc',
  title: "The pause container that holds the group's network is gone",
  layer: 'node',
  severity: 'breaks',
  heard: [
    'cannot join network of a non running container: <id>',
    'cannot join network namespace of a non running container: container <name> is exited',
    'Error response from daemon: No such container: <id>',
  ],
  onlyWhen: { 'alloc.namespace-kind': ['own'] },
  needs: ['alloc.driver-failure', 'alloc.record'],
  shows: ['alloc.driver-failure'],
  holds: ({ 'alloc.driver-failure': failed, 'alloc.record': { id, nodeName } }) =>
    gone.test(failed ?? '')
      ? `On ${nodeName} container nomad_init_${id} no longer runs, so the tasks of the allocation have no network namespace to join: they cannot be started again`
      : false,
  byHand: 'docker ps -a --filter name=nomad_init_<alloc id> on the client: nothing, or Exited.',
  explains: ['alloc-eth0-missing', 'task-in-other-namespace'],
  because:
    'The network namespace of a bridge group with docker tasks lives as long as its pause container. A restart or upgrade of the docker daemon, docker system prune, or a docker rm by hand ends it. The tasks go on until their next restart; then docker cannot put them into a namespace that is not there, and no restart of the task can bring it back. Nomad 1.3.10, 1.4.5 and 1.5.0 removed pause containers by mistake.',
  fix: ({ 'alloc.record': record }) => [
    {
      do: 'Replace the allocation: the new one gets a new namespace',
      on: 'cluster',
      run: allocCommand('stop', record),
      risk: 'The allocation ends; another one is placed',
    },
    {
      do: 'Keep the pause containers: exclude the label com.hashicorp.nomad.alloc_id from prune jobs, and set live-restore in the daemon.json of docker',
      on: 'client',
      risk: 'none',
    },
  ],
  references: [
    'https://github.com/hashicorp/nomad/issues/10556',
    'https://github.com/hashicorp/nomad/issues/16338',
    'moby daemon/container_operations.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a task that cannot join it',
      given: {
        'alloc.namespace-kind': 'own',
        'alloc.driver-failure': text,
        'alloc.record': record('a1', { clientStatus: 'pending' }),
      },
      then: 'present',
    },
    {
      name: 'it runs',
      given: { 'alloc.namespace-kind': 'own', 'alloc.driver-failure': null, 'alloc.record': record('a1') },
      then: 'absent',
    },
    {
      name: 'in host mode there is none: the job names another container',
      given: {
        'alloc.namespace-kind': 'host',
        'alloc.driver-failure': text,
        'alloc.record': record('a1', { clientStatus: 'pending' }),
      },
      then: 'absent',
    },
  ],
})
