import { fault } from '../../fault.ts'
import { userNetwork } from '../../container.ts'
import { service, task } from '../../samples.ts'
import type { Container } from '../../shapes/runtime.ts'

/** The container of the task that hangs on more than one docker network. */
const attached = (containers: readonly Container[], name: string) =>
  containers.find((one) => one.task === name && Object.keys(one.networks).length > 1)

const container = (...networks: readonly string[]): Container => ({
  id: '0f3c',
  name: 'server-a1',
  state: 'running',
  networkMode: 'shopnet',
  alloc: 'a1',
  task: 'server',
  sandbox: '/var/run/docker/netns/1',
  networks: Object.fromEntries(networks.map((network, i) => [network, `172.1${i + 8}.0.2`])),
  published: {},
  dns: [],
  extraHosts: [],
  env: [],
})

export const severalDockerNetworks = fault({
  id: 'several-docker-networks',
  about: 'task',
  title: 'The container hangs on several docker networks, and the service announces any one of them',
  layer: 'name',
  severity: 'risks',
  heard: ['multiple Docker networks for container found but Nomad only supports 1'],
  onlyWhen: { 'task.docker.network-mode': ['other'] },
  needs: ['task.spec', 'every.alloc.containers'],
  shows: ['every.alloc.containers'],
  holds: ({ 'task.spec': task, 'every.alloc.containers': allocs }) => {
    const found = allocs.map(({ value }) => attached(value, task.name)).find((one) => one !== undefined)
    return found && userNetwork(task) !== '' && task.services.length > 0
      ? `Container ${found.name} is attached to ${Object.keys(found.networks).join(' and ')}: its services announce the address in one of them, which may be another one after each start`
      : false
  },
  intended: 'where every caller is in all of these networks',
  byHand:
    'docker inspect <container>: NetworkSettings.Networks has several entries; the agent log warns of "multiple Docker networks".',
  explains: [],
  because:
    'Nomad attaches a container to one network, the one in network_mode. Somebody, or another tool, connected it to a second one. The driver takes the address of whichever network comes first in an unordered list, so what the service registers changes from start to start, and callers on the other network find nobody.',
  fix: ({ 'task.spec': task }) => [
    {
      do: `Set address_mode = "host" in the services of task ${task.name}, with a published port`,
      on: 'job file',
      risk: 'The services are registered anew',
    },
    {
      do: 'Or disconnect the container from the other network: docker network disconnect <network> <container>',
      on: 'client',
      risk: 'Its callers there lose it',
    },
  ],
  references: ['drivers/docker/driver.go, detectIP'],
  since: '0.1.0',
  examples: [
    {
      name: 'two networks',
      given: {
        'task.docker.network-mode': 'other',
        'task.spec': task({ config: { network_mode: 'shopnet' }, services: [service({ level: 'task' })] }),
        'every.alloc.containers': [{ about: 'alloc:a1', id: 'alloc:a1', value: [container('shopnet', 'monitoring')] }],
      },
      then: 'present',
    },
    {
      name: 'one network',
      given: {
        'task.docker.network-mode': 'other',
        'task.spec': task({ config: { network_mode: 'shopnet' }, services: [service({ level: 'task' })] }),
        'every.alloc.containers': [{ about: 'alloc:a1', id: 'alloc:a1', value: [container('shopnet')] }],
      },
      then: 'absent',
    },
    {
      name: "docker's own networks",
      given: {
        'task.docker.network-mode': 'none-given',
        'task.spec': task(),
        'every.alloc.containers': [{ about: 'alloc:a1', id: 'alloc:a1', value: [container('bridge')] }],
      },
      then: 'absent',
    },
  ],
})
