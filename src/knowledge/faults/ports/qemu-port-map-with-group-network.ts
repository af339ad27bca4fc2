import { edits, remove, set, unset } from '../../edit.ts'
import { configAt, configKeys } from '../../container.ts'
import type { Edit } from '../../edit.ts'
import type { TaskSpec } from '../../shapes/job.ts'
import { fault } from '../../fault.ts'
import { task } from '../../samples.ts'

const machine = task({ name: 'vm', driver: 'qemu', config: { port_map: [{ ssh: 22 }] } })

/** What the driver would have written for a port_map. Source: drivers/qemu/driver.go. */
function forwarded(task: TaskSpec): readonly Edit[] | undefined {
  const at = configAt(task, 'port_map')
  const map = [task.config['port_map']].flat().flatMap((one) => Object.entries(one ?? {}))
  if (configKeys(task, 'args').length > 0 || task.config['args'] !== undefined) return undefined
  const ways = map.map(([label, to]) => `hostfwd=tcp::\${NOMAD_PORT_${label.replace(/\W/g, '_')}}-:${String(to)}`)
  const args = ['-netdev', ['user', 'id=user.0', ...ways].join(','), '-device', 'virtio-net,netdev=user.0']
  return [Array.isArray(at) ? unset(task.config, 'port_map') : remove(at), set(task.config, 'args', args)]
}

export const qemuPortMapWithGroupNetwork = fault({
  id: 'qemu-port-map-with-group-network',
  about: 'task',
  title: 'The port_map of a virtual machine is not applied to ports of the group',
  layer: 'job',
  severity: 'breaks',
  // Silent: the machine starts, and no port is forwarded to it.
  heard: [],
  onlyWhen: { 'task.driver': ['qemu'] },
  needs: ['task.spec'],
  holds: ({ 'task.spec': task }) => {
    const mapped = configKeys(task, 'port_map')
    return mapped.length > 0 && task.networks.length === 0
      ? {
          says: `Task ${task.name} maps port ${mapped.join(', ')} with port_map, but its ports are those of the group: the machine starts without any forwarding, and nobody reaches it`,
          at: configAt(task, 'port_map'),
        }
      : false
  },
  byHand: 'ps on the client: the qemu command line has no hostfwd.',
  explains: [],
  because:
    'The qemu driver turns port_map into hostfwd options of the user network, and looks up the host ports in the network block inside the task only. With the ports in the network of the group the block is never asked: the machine gets no forwarding, and neither the job nor the driver says a word.',
  fix: ({ 'task.spec': task }) => [
    {
      do: `Give qemu the forwarding in args of task ${task.name}, for example -netdev user,id=user.0,hostfwd=tcp::\${NOMAD_PORT_<label>}-:<port inside> with a matching -device, and delete port_map`,
      on: 'job file',
      risk: 'The machine is restarted',
      ...edits(forwarded(task), 'the job has arguments of its own, which may set up the network already'),
    },
    {
      do: 'Or keep the ports in a network block under resources of the task, the deprecated place, until the driver can do better',
      on: 'job file',
      risk: 'The machine is restarted; such ports have no host networks',
    },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/qemu', 'drivers/qemu/driver.go'],
  versions: { nomad: '>= 0.12.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'port_map over ports of the group',
      given: { 'task.driver': 'qemu', 'task.spec': machine },
      then: 'present',
    },
    {
      name: 'the network block stands in the task',
      given: {
        'task.driver': 'qemu',
        'task.spec': { ...machine, networks: [{ mode: '', ports: [{ label: 'ssh', hostNetwork: 'default' }] }] },
      },
      then: 'absent',
    },
    { name: 'another driver', given: { 'task.driver': 'docker', 'task.spec': machine }, then: 'absent' },
  ],
})
