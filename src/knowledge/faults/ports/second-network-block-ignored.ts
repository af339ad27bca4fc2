import { fault } from '../../fault.ts'
import { group } from '../../samples.ts'

export const secondNetworkBlockIgnored = fault({
  id: 'second-network-block-ignored',
  about: 'group',
  title: 'The group has several network blocks, and only the first one counts',
  layer: 'job',
  severity: 'degrades',
  // Silent: the job is accepted, and nothing is ever logged.
  heard: [],
  needs: ['group.spec'],
  holds: ({ 'group.spec': { name, networkBlocks, moreNetworks } }) =>
    networkBlocks > 1
      ? {
          says: `Group ${name} has ${networkBlocks} network blocks; whatever is in the others does not exist`,
          ...(moreNetworks?.[0] ? { at: moreNetworks[0] } : {}),
        }
      : false,
  byHand:
    'nomad job inspect JOB: the list Networks of the group has more than one entry, and nomad alloc status shows the ports of the first one only.',
  explains: ['service-port-label-unknown', 'docker-ports-unknown-label'],
  because:
    'The job specification allows one network block per group, but its parser takes several, and the validation of the server does not object. Scheduler and client read the first block alone. Ports of the other blocks get no number, no mapping and no environment variable, so whoever uses their labels finds nothing.',
  fix: () => [
    {
      do: 'Move all ports into the first network block; a port that belongs to another host network says so with host_network',
      on: 'job file',
      risk: 'The allocations are replaced',
    },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/job-specification/network', 'nomad/structs/structs.go'],
  since: '0.1.0',
  examples: [
    { name: 'two blocks', given: { 'group.spec': group({ networkBlocks: 2 }) }, then: 'present' },
    { name: 'one block', given: { 'group.spec': group({ networkBlocks: 1 }) }, then: 'absent' },
  ],
})
