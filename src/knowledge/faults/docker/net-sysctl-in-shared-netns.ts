import { edits, remove, unset } from '../../edit.ts'
import { configAt, configKeys } from '../../container.ts'
import type { Edit } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { task } from '../../samples.ts'
import type { TaskSpec } from '../../shapes/job.ts'

const settings = (task: TaskSpec): readonly string[] =>
  configKeys(task, 'sysctl').filter((key) => key.startsWith('net.'))

/** The map of settings without those of the network. */
function withoutNet(task: TaskSpec): readonly Edit[] {
  const at = configAt(task, 'sysctl')
  const own = settings(task)
  if (own.length < configKeys(task, 'sysctl').length) return Array.isArray(at) ? [] : own.map((key) => unset(at, key))
  return Array.isArray(at) ? [unset(task.config, 'sysctl')] : [remove(at)]
}

const tuned = task({ config: { sysctl: [{ 'net.core.somaxconn': '16384' }] } })

export const netSysctlInSharedNetns = fault({
  id: 'net-sysctl-in-shared-netns',
  about: 'task',
  title: 'The docker config sets kernel network settings in a namespace that is not its own',
  layer: 'job',
  severity: 'breaks',
  heard: [
    "sysctl '<key>' not allowed in host network namespace",
    'OCI runtime create failed: sysctl "<key>" not allowed in host network namespace',
    'sysctl "<key>" is not in a separate kernel namespace',
    'write sysctl key <key>: open /proc/sys/net/<path>: no such file or directory',
  ],
  onlyWhen: { 'task.driver': ['docker'], 'task.namespace': ['host', 'group'] },
  needs: ['task.spec', 'task.namespace', 'task.started'],
  shows: ['task.spec'],
  holds: ({ 'task.spec': task, 'task.namespace': namespace, 'task.started': started }) => {
    const [key] = settings(task)
    if (key === undefined || (namespace === 'host' && started === 'yes')) return false
    return namespace === 'host'
      ? {
          says: `Task ${task.name} sets ${key} in its docker config, but it is in the network namespace of the host: the runtime refuses to start the container`,
          at: configAt(task, 'sysctl'),
        }
      : {
          says: `Task ${task.name} sets ${key} in its docker config, but it shares the namespace of its group: the setting is refused, or holds for its siblings as well`,
          severity: 'risks',
          at: configAt(task, 'sysctl'),
        }
  },
  intended: 'where the setting is meant for the whole group',
  byHand: 'nomad alloc status <alloc>: event Driver Failure that names the sysctl.',
  explains: [],
  because:
    "Settings under net belong to a network namespace. A container that shares the host's would change them for the whole machine, so the runtime refuses to create it. In a bridge group the namespace is that of the pause container: the setting either fails or changes the network of every task in the group.",
  fix: ({ 'task.spec': task }) => [
    {
      do: `Delete ${settings(task).join(', ')} from sysctl of task ${task.name}, or take the task out of the shared namespace (no network_mode = "host", no bridge group)`,
      on: 'job file',
      risk: 'The allocation is replaced',
      ...edits(withoutNet(task), 'the settings are not written out'),
    },
    {
      do: 'Where the setting is needed, set it on the client with sysctl -w and in /etc/sysctl.d, or for a CNI network with the tuning plugin',
      on: 'client',
      risk: 'It then holds for everything in that namespace',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/docker#sysctl',
    'https://docs.docker.com/reference/cli/docker/container/run/#sysctl',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'in the namespace of the host, and it runs all the same',
      given: { 'task.started': 'yes', 'task.driver': 'docker', 'task.namespace': 'host', 'task.spec': tuned },
      then: 'absent',
    },
    {
      name: 'in the namespace of the host',
      given: { 'task.started': 'no', 'task.driver': 'docker', 'task.namespace': 'host', 'task.spec': tuned },
      then: 'present',
    },
    {
      name: 'in a bridge group',
      given: { 'task.started': 'no', 'task.driver': 'docker', 'task.namespace': 'group', 'task.spec': tuned },
      then: 'present',
    },
    {
      name: 'a setting of another kind',
      given: {
        'task.started': 'no',
        'task.driver': 'docker',
        'task.namespace': 'host',
        'task.spec': task({ config: { sysctl: { 'kernel.shmmax': '1' } } }),
      },
      then: 'absent',
    },
    {
      name: 'a container of its own',
      given: { 'task.started': 'no', 'task.driver': 'docker', 'task.namespace': 'container', 'task.spec': tuned },
      then: 'absent',
    },
    {
      name: 'another driver',
      given: {
        'task.started': 'no',
        'task.driver': 'exec',
        'task.namespace': 'host',
        'task.spec': task({ driver: 'exec' }),
      },
      then: 'absent',
    },
  ],
})
