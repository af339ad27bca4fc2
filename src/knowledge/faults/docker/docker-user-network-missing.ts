import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'

const missing = /network (\S+) not found/

export const dockerUserNetworkMissing = fault({
  id: 'docker-user-network-missing',
  about: 'alloc',
  title: 'The docker network that the task asks for does not exist on the client',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Failed to start container <id>: Error response from daemon: network <name> not found',
    'failed to create container: Error response from daemon: network <name> not found',
    'API error (404): network <name> not found',
  ],
  needs: ['alloc.driver-failure', 'alloc.record'],
  shows: ['alloc.driver-failure'],
  holds: ({ 'alloc.driver-failure': failed, 'alloc.record': { nodeName } }) => {
    const [, network] = missing.exec(failed ?? '') ?? []
    return network === undefined
      ? false
      : `Docker on ${nodeName} has no network ${network}, which network_mode of the task names: the container does not start`
  },
  byHand: 'docker network ls on the client does not list the name that network_mode has.',
  explains: [],
  because:
    'network_mode = "<name>" attaches the container to a network made with docker network create. Such a network belongs to one machine, Nomad neither makes it nor knows of it, so the scheduler places the task on any client with docker. Where the network was never made, or went with a reinstall, docker refuses to start the container.',
  fix: ({ 'alloc.driver-failure': failed, 'alloc.record': { nodeName } }) => [
    {
      do: 'Make the network on every client that may get the task',
      on: `client ${nodeName}`,
      run: ['docker', 'network', 'create', missing.exec(failed ?? '')?.[1] ?? '<name>'],
      risk: 'none',
    },
    {
      do: 'Or constrain the group to the clients that have it, or use mode = "bridge" in the network of the group instead of network_mode',
      on: 'job file',
      risk: 'The allocation is replaced',
    },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/docker#network_mode'],
  since: '0.1.0',
  examples: [
    {
      name: 'nobody made it here',
      given: {
        'alloc.driver-failure':
          'Failed to start container 6b2355: Error response from daemon: network shopnet not found',
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'present',
    },
    {
      name: 'another failure of the driver',
      given: {
        'alloc.driver-failure': 'Failed to pull `web:1`: Error response from daemon: manifest for web:1 not found',
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'absent',
    },
    { name: 'it runs', given: { 'alloc.driver-failure': null, 'alloc.record': record('a1') }, then: 'absent' },
  ],
})
