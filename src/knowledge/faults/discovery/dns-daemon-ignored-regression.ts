import { fault } from '../../fault.ts'
import { group, task } from '../../samples.ts'

export const dnsDaemonIgnoredRegression = fault({
  id: 'dns-daemon-ignored-regression',
  about: 'alloc',
  title: "This version of Nomad ignores docker's own name servers in bridge groups",
  layer: 'name',
  severity: 'risks',
  // Silent: names resolve through other servers than docker's configuration says, and nothing is logged.
  heard: [],
  onlyWhen: { 'group.network.mode': ['bridge'] },
  needs: ['node.version', 'group.spec'],
  holds: ({ 'node.version': version, 'group.spec': spec }) => {
    const found = spec.tasks.find(({ driver }) => driver === 'docker')
    return found && spec.network?.dns === undefined
      ? `Nomad ${version} gives docker task ${found.name} of bridge group ${spec.name} the name servers of the client, not those of docker's configuration`
      : false
  },
  intended: "where docker's name servers are those of the client",
  byHand:
    'cat /etc/resolv.conf in the container: it has the servers of the client, not those of /etc/docker/daemon.json.',
  explains: [],
  because:
    "Nomad 1.7.6, 1.6.9 and 1.5.16 write the resolver file of the client into every docker task of a bridge group, also where the job has no dns block. Before and after, docker decides, and so servers set in its daemon.json count. Where these two differ, names that only docker's servers know are lost.",
  fix: () => [
    {
      do: 'Upgrade the client to 1.7.7, 1.6.10, 1.5.17 or newer',
      on: 'client',
      risk: 'Running allocations go on; tasks get the other file when they are started anew',
    },
    { do: 'Or name the servers in a dns block of the group', on: 'job file', risk: 'The allocations are replaced' },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/job-specification/network#dns-parameters'],
  versions: { nomad: '1.7.6 || 1.6.9 || 1.5.16', of: 'node.version' },
  since: '0.1.0',
  examples: [
    {
      name: 'a client of 1.7.6',
      given: { 'group.network.mode': 'bridge', 'node.version': '1.7.6', 'group.spec': group() },
      then: 'present',
    },
    {
      name: 'the next version',
      given: { 'group.network.mode': 'bridge', 'node.version': '1.7.7', 'group.spec': group() },
      then: 'absent',
    },
    {
      name: 'a task without docker',
      given: {
        'group.network.mode': 'bridge',
        'node.version': '1.7.6',
        'group.spec': group({ tasks: [task({ driver: 'exec' })] }),
      },
      then: 'absent',
    },
    {
      name: 'host networking',
      given: { 'group.network.mode': 'host', 'node.version': '1.7.6', 'group.spec': group() },
      then: 'absent',
    },
  ],
})
