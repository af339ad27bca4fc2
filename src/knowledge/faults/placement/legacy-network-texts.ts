import { fault } from '../../fault.ts'
import { clients, grave, reasons } from '../../placement.ts'
import { group, task } from '../../samples.ts'
import type { PlacementFailure } from '../../shapes/runtime.ts'
import { failure } from './examples.ts'

const short = (refusals: PlacementFailure | null) =>
  reasons(refusals, 'dimensions', /^network: (no networks available|bandwidth exceeded)$/)

const old = group({ tasks: [task({ networks: [{ mode: '', ports: [] }] })] })

export const legacyNetworkTexts = fault({
  id: 'legacy-network-texts',
  about: 'group',
  title: 'The network block inside a task asks for bandwidth or a network that no client has left',
  layer: 'scheduler',
  severity: 'breaks',
  heard: [
    'Dimension "network: bandwidth exceeded" exhausted on <n> nodes',
    'Dimension "network: no networks available" exhausted on <n> nodes',
    'network: bandwidth exceeded',
    'network: no networks available',
  ],
  onlyWhen: { 'group.placement': ['not-placed', 'partly'] },
  needs: ['group.refusals', 'group.placement', 'group.spec'],
  shows: ['group.refusals', 'group.spec'],
  holds: ({ 'group.refusals': refusals, 'group.placement': placement, 'group.spec': { tasks } }) => {
    const [first] = short(refusals)
    const owner = tasks.find(({ networks }) => networks.length > 0)
    return first
      ? {
          says: `${clients(first.count)} cannot take the group: ${first.words[0] ?? ''}${owner ? `, which counts because task ${owner.name} has a network block of its own` : ''}`,
          severity: grave(placement),
        }
      : false
  },
  byHand:
    'nomad job inspect <job>: a task has Resources.Networks, with MBits; nomad node status -verbose shows the speed the client fingerprinted.',
  explains: [],
  because:
    'A network block under resources is the way of before Nomad 0.12. Only for it the scheduler still adds up mbits against the speed the client guessed for its interface, and looks for a network with an address at all. A virtual interface without a known speed counts as 1000 MBits; an agent that started before the network was up has no network to offer.',
  fix: ({ 'group.spec': { tasks } }) => [
    {
      do: `Move the network block of task ${tasks.find(({ networks }) => networks.length > 0)?.name ?? ''} into the group, and delete mbits`,
      on: 'job file',
      risk: 'The allocations are replaced',
    },
    {
      do: 'Where no network is available: restart the agent once the interface has its address',
      on: 'client',
      risk: 'none',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/upgrade/upgrade-specific',
    'https://github.com/hashicorp/nomad/issues/7232',
    'nomad/structs/network.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'bandwidth',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({ dimensionExhausted: { 'network: bandwidth exceeded': 2 } }),
        'group.spec': old,
      },
      then: 'present',
    },
    {
      name: 'no network at all',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({ dimensionExhausted: { 'network: no networks available': 1 } }),
        'group.spec': group(),
      },
      then: 'present',
    },
    {
      name: 'a static port is taken',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({ dimensionExhausted: { 'network: reserved port collision http=80': 2 } }),
        'group.spec': old,
      },
      then: 'absent',
    },
    {
      name: 'placed',
      given: { 'group.placement': 'placed', 'group.refusals': null, 'group.spec': old },
      then: 'absent',
    },
  ],
})
