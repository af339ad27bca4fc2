import type { GroupSpec } from '../../shapes/job.ts'
import type { Member } from '../../facts.ts'
import { servicesOf } from '../../discovery.ts'
import { clientOf } from '../../clients.ts'
import { group, service } from '../../samples.ts'
import { fault } from '../../fault.ts'
import { clients, grave, reasons } from '../../placement.ts'
import type { PlacementFailure } from '../../shapes/runtime.ts'
import { failure } from '../placement/examples.ts'

const told = (refusals: PlacementFailure | null) =>
  reasons(refusals, 'constraints', /^\$\{attr\.nomad\.service_discovery\} /)[0]

const unserved = (spec: GroupSpec, agents: readonly Member<Readonly<Record<string, unknown>>>[]) =>
  agents.length > 0 && agents.every(({ value }) => clientOf(value)['NomadServiceDiscovery'] === false)
    ? servicesOf(spec).find(({ provider }) => provider === 'nomad')
    : undefined
const off = (on: boolean) => [{ about: 'node:c1', id: 'node:1', value: { Client: { NomadServiceDiscovery: on } } }]

export const nsdClientDisabled = fault({
  id: 'nsd-client-disabled',
  about: 'group',
  title: 'Native service discovery is switched off on the clients',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Constraint "${attr.nomad.service_discovery} = true": <n> nodes excluded by filter',
    'service registration provider "nomad" not enabled',
  ],
  onlyWhen: { 'group.placement': ['not-placed', 'partly'] },
  needs: ['group.refusals', 'group.placement'],
  shows: ['group.refusals'],
  holds: ({ 'group.refusals': refusals, 'group.placement': placement }) => {
    const found = told(refusals)
    return found
      ? {
          says: `${clients(found.count)} ${found.count === 1 ? 'is' : 'are'} left out, because native service discovery is switched off there (attr.nomad.service_discovery)`,
          severity: grave(placement),
        }
      : false
  },
  byHand: 'nomad node status -verbose <node>: nomad.service_discovery is false or missing.',
  explains: ['computed-class-ineligible'],
  because:
    'A service with provider = "nomad" brings a constraint on nomad.service_discovery. A client has that attribute unless its configuration says nomad_service_discovery = false, or its Nomad is older than 1.3. Such a client could run the task but not register the service, so the scheduler leaves it out.',
  fix: () => [
    {
      do: 'Take nomad_service_discovery = false out of the client block and restart the agent; upgrade clients older than 1.3',
      on: 'client configuration',
      risk: 'Running allocations go on',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#nomad_service_discovery',
    'client/fingerprint/nomad.go',
  ],
  versions: { nomad: '>= 1.3.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'all clients have it off',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({ constraintFiltered: { '${attr.nomad.service_discovery} = true': 2 } }),
      },
      then: 'present',
    },
    {
      name: 'another constraint',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({ constraintFiltered: { '${attr.kernel.name} = linux': 2 } }),
      },
      then: 'absent',
    },
    { name: 'placed', given: { 'group.placement': 'placed', 'group.refusals': null }, then: 'absent' },
  ],
  foretold: {
    about: 'group',
    needs: ['group.spec', 'every.node.agent'],
    shows: ['every.node.agent'],
    holds: ({ 'group.spec': spec, 'every.node.agent': agents }) => {
      const found = unserved(spec, agents)
      return found
        ? {
            says: `Service ${found.name} is a native one, and all clients of group ${spec.name} have nomad_service_discovery = false`,
            severity: 'breaks',
            at: [found, 'provider'],
          }
        : false
    },
    fix: () => [
      {
        do: 'Delete nomad_service_discovery = false from the client block and restart the agent',
        on: 'client configuration',
        risk: 'Allocations keep running while the agent restarts',
      },
    ],
    examples: [
      {
        name: 'switched off',
        given: { 'group.spec': group({ services: [service()] }), 'every.node.agent': off(false) },
        then: 'present',
      },
      {
        name: 'switched on',
        given: { 'group.spec': group({ services: [service()] }), 'every.node.agent': off(true) },
        then: 'absent',
      },
    ],
  },
})
