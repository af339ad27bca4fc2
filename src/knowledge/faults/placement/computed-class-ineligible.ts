import { fault } from '../../fault.ts'
import { clients } from '../../placement.ts'
import { failure } from './examples.ts'

const text = 'computed class ineligible'

export const computedClassIneligible = fault({
  id: 'computed-class-ineligible',
  about: 'group',
  title: 'The scheduler does not say why it leaves out a client, but that its class was left out before',
  layer: 'scheduler',
  severity: 'risks',
  heard: ['Constraint "computed class ineligible": <n> nodes excluded by filter', 'computed class ineligible'],
  onlyWhen: { 'group.placement': ['not-placed', 'partly'] },
  needs: ['group.refusals'],
  holds: ({ 'group.refusals': refusals }) => {
    const count = refusals?.constraintFiltered[text] ?? 0
    const others = Object.keys(refusals?.constraintFiltered ?? {}).filter((reason) => reason !== text)
    return count > 0
      ? `${clients(count)} ${count === 1 ? 'was' : 'were'} left out without being looked at, because a client of the same class was: ${others.length > 0 ? `the reason may be "${others[0]}"` : 'the evaluation does not name the reason'}`
      : false
  },
  intended: 'where the reason is one you know, such as a constraint of the job',
  byHand:
    'nomad node status -verbose of each client: compare network modes, host networks and plugins.cni.version.* with what the group asks for, client by client.',
  explains: [],
  because:
    'Clients with the same attributes form a class, and the scheduler asks one of them for all. Network modes, host networks and CNI networks are not part of what makes the class, so a client that has all it needs may be left out for the lack of its twin, and the real reason stands with another client or in an older evaluation only.',
  fix: () => [
    {
      do: 'Give all clients of a class the same networks: host_network blocks, CNI files, bridge module; restart the agents and evaluate the job again',
      on: 'client configuration',
      risk: 'The agents restart',
    },
    {
      do: 'Or tell the clients apart with node_class or meta, so that they are classes of their own',
      on: 'client configuration',
      risk: 'The agents restart',
    },
  ],
  references: [
    'https://github.com/hashicorp/nomad/issues/25241',
    'https://github.com/hashicorp/nomad/issues/13898',
    'scheduler/feasible/feasible.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'one looked at, one of the same class',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({ constraintFiltered: { 'computed class ineligible': 1, 'missing network': 1 } }),
      },
      then: 'present',
    },
    {
      name: 'nothing else is said',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({ constraintFiltered: { 'computed class ineligible': 2 } }),
      },
      then: 'present',
    },
    {
      name: 'every client has its reason',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({ constraintFiltered: { 'missing network': 2 } }),
      },
      then: 'absent',
    },
    { name: 'placed', given: { 'group.placement': 'placed', 'group.refusals': null }, then: 'absent' },
  ],
})
