import type { GroupSpec } from '../../shapes/job.ts'
import { group } from '../../samples.ts'
import { fault } from '../../fault.ts'
import { clients, grave, reasons } from '../../placement.ts'
import type { NodeOffer, PlacementFailure } from '../../shapes/runtime.ts'
import { count } from '../../words.ts'
import { failure, offer } from './examples.ts'

const short = (refusals: PlacementFailure | null) =>
  reasons(refusals, 'dimensions', /^network: dynamic port selection failed/)

/** More dynamic ports than any client has at all. */
function tooMany({ network }: GroupSpec, clients: readonly NodeOffer[]) {
  const wanted = (network?.ports ?? []).filter(({ static: host }) => host === undefined).length
  // Where a range is none, its agent does not start: that is another fault.
  const sizes = clients.map(({ dynamicPorts: { min, max } }) => max - min + 1).filter((size) => size > 0)
  const most = Math.max(...sizes)
  return sizes.length > 0 && wanted > most ? { wanted, most } : undefined
}

export const dynamicPortsExhausted = fault({
  id: 'dynamic-ports-exhausted',
  about: 'group',
  title: 'No dynamic port is free on the clients',
  layer: 'scheduler',
  severity: 'breaks',
  heard: [
    'Dimension "network: dynamic port selection failed" exhausted on <n> nodes',
    'network: dynamic port selection failed',
  ],
  onlyWhen: { 'group.placement': ['not-placed', 'partly'] },
  needs: ['group.refusals', 'group.placement'],
  shows: ['group.refusals'],
  holds: ({ 'group.refusals': refusals, 'group.placement': placement }) => {
    const [first] = short(refusals)
    if (!first || !refusals) return false
    return {
      says: `${first.count} of ${clients(refusals.nodesEvaluated)} the scheduler looked at ${first.count === 1 ? 'has' : 'have'} no free dynamic port for the group`,
      severity: grave(placement),
    }
  },
  byHand:
    'nomad node status -verbose <node>: count the ports of its allocations between min_dynamic_port and max_dynamic_port (20000 to 32000 by default).',
  explains: [],
  because:
    'A port without static gets a free number from the dynamic range of the client, min_dynamic_port to max_dynamic_port. Numbers of running allocations, of allocations that are still stopping, and reserved_ports are not free. A narrowed range, or one mostly covered by reserved_ports, runs out long before memory and CPU do.',
  fix: () => [
    {
      do: 'Widen min_dynamic_port and max_dynamic_port in the client block, or take numbers out of reserved_ports, and restart the agent',
      on: 'client configuration',
      risk: 'Firewalls between the clients must let the wider range through',
    },
    { do: 'Or stop allocations that hold ports without need', on: 'cluster', risk: 'What is stopped is gone' },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#min_dynamic_port',
    'nomad/structs/network.go, AssignPorts',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'used up on both clients',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({
          nodesFiltered: 0,
          nodesExhausted: 2,
          dimensionExhausted: { 'network: dynamic port selection failed': 2 },
        }),
      },
      then: 'present',
    },
    {
      name: 'a static port is taken',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({ dimensionExhausted: { 'network: reserved port collision http=80': 2 } }),
      },
      then: 'absent',
    },
    { name: 'placed', given: { 'group.placement': 'placed', 'group.refusals': null }, then: 'absent' },
  ],
  foretold: {
    about: 'group',
    needs: ['group.spec', 'group.candidates'],
    shows: ['group.candidates'],
    holds: ({ 'group.spec': spec, 'group.candidates': clients }) => {
      const found = tooMany(spec, clients)
      return found && spec.network
        ? {
            says: `Group ${spec.name} wants ${count(found.wanted, 'dynamic port')} for one allocation, and its clients hand out ${found.most} at most`,
            severity: 'breaks',
            at: spec.network.ports.find(({ static: host }) => host === undefined) ?? spec.network,
          }
        : false
    },
    fix: () => [
      {
        do: 'Widen min_dynamic_port and max_dynamic_port of the clients, or ask for fewer ports',
        on: 'client configuration',
        risk: 'The client agent has to be restarted',
      },
    ],
    examples: [
      {
        name: 'two from a range of one',
        given: {
          'group.spec': group({
            network: {
              mode: '',
              ports: [
                { label: 'a', hostNetwork: 'default' },
                { label: 'b', hostNetwork: 'default' },
              ],
            },
          }),
          'group.candidates': [offer('c1', { dynamicPorts: { min: 30000, max: 30000 } })],
        },
        then: 'present',
      },
      { name: 'enough', given: { 'group.spec': group(), 'group.candidates': [offer('c1')] }, then: 'absent' },
      {
        name: 'a range that is none',
        given: {
          'group.spec': group(),
          'group.candidates': [offer('c1', { dynamicPorts: { min: 30000, max: 20000 } })],
        },
        then: 'absent',
      },
    ],
  },
})
