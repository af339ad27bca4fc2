import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'
import { setupSays } from '../../setup.ts'
import { quoted } from '../../quoted.ts'
import { placedAnew } from '../../nomad-command.ts'

const told = (failed: string | null): string | undefined => setupSays('netns-create-failed', failed)?.[1]
const ofDocker = (said: string | undefined): boolean => said?.includes('docker daemon') === true

export const netnsCreateFailed = fault({
  id: 'netns-create-failed',
  about: 'alloc',
  title: 'The client cannot make a network namespace for the allocation',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'failed to create network for alloc: mount --make-rshared /var/run/netns failed: "<error>"',
    'failed to create network for alloc: failed to connect to docker daemon: <error>',
    'failed to create network for alloc: error from unshare: operation not permitted',
    'failed to create network for alloc: mkdir /var/run/netns: permission denied',
    'failed to create network for alloc: open /var/run/netns/<allocation>: <error>',
  ],
  needs: ['alloc.setup-failure', 'alloc.record'],
  shows: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed, 'alloc.record': { nodeName } }) => {
    const said = told(failed)
    return said === undefined ? false : `No network namespace could be made on ${nodeName}: ${quoted(said, 160)}`
  },
  byHand:
    'On the client: systemctl status docker; as root ip netns add probe and ip netns delete probe; findmnt -o TARGET,PROPAGATION /var/run/netns (shared).',
  explains: [],
  because:
    'A group in mode bridge or cni gets a network namespace before anything else. With a docker task in it, docker makes the namespace by starting the pause container, so a docker that does not answer stops the allocation. Otherwise Nomad makes it itself under /var/run/netns, which has to be a shared mount and writable: not so in an agent that runs in a container, or without the rights of root.',
  fix: ({ 'alloc.setup-failure': failed, 'alloc.record': { nodeName, ...alloc } }) => [
    ofDocker(told(failed))
      ? {
          do: 'Start docker, and see in its log why it was down',
          on: `client ${nodeName}`,
          run: ['systemctl', 'restart', 'docker'],
          risk: 'Containers end, unless docker keeps them (live-restore)',
        }
      : {
          do: 'Run the agent as root on the host itself; in a container it needs /var/run/netns from the host with shared propagation',
          on: `client ${nodeName}`,
          risk: 'The agent restarts',
        },
    placedAnew(alloc),
  ],
  references: ['client/lib/nsutil/netns_linux.go', 'drivers/docker/network.go', 'client/allocrunner/network_hook.go'],
  since: '0.1.0',
  examples: [
    {
      name: 'docker is down',
      given: {
        'alloc.setup-failure':
          'failed to setup alloc: pre-run hook "network" failed: failed to create network for alloc: failed to connect to docker daemon: Cannot connect to the Docker daemon at unix:///var/run/docker.sock',
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'present',
    },
    {
      name: 'the agent is in a container',
      given: {
        'alloc.setup-failure':
          'failed to setup alloc: pre-run hook "network" failed: failed to create network for alloc: mount --make-rshared /var/run/netns failed: "operation not permitted"',
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'present',
    },
    {
      name: 'the pause image cannot be pulled',
      given: {
        'alloc.setup-failure':
          'failed to setup alloc: pre-run hook "network" failed: failed to create network for alloc: Failed to pull `lab/pause:1`: Error response from daemon',
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'absent',
    },
    {
      name: 'set up without trouble',
      given: { 'alloc.setup-failure': null, 'alloc.record': record('a1') },
      then: 'absent',
    },
  ],
})
