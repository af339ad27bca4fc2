import { fault } from '../../fault.ts'
import { clients, grave, reasons } from '../../placement.ts'
import type { PlacementFailure } from '../../shapes/runtime.ts'
import { failure } from '../placement/examples.ts'

/** Constraints the servers add themselves, and what wants them. Source: nomad/job_endpoint_hooks.go. */
const wants: Readonly<Record<string, string>> = {
  '1.4.0': 'checks of native services',
  '1.7.0-a': 'workload identities',
  '1.8.0-dev': 'the transparent proxy',
}
const told = (refusals: PlacementFailure | null) =>
  reasons(refusals, 'constraints', /^\$\{attr\.nomad\.version\} semver >= (1\.4\.0|1\.7\.0-a|1\.8\.0-dev)$/)[0]

const refused = (version: string) =>
  failure({ constraintFiltered: { [`\${attr.nomad.version} semver >= ${version}`]: 1 } })

export const nsdChecksOldClient = fault({
  id: 'nsd-checks-old-client',
  about: 'group',
  title: 'The clients are older than what the job uses',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Constraint "${attr.nomad.version} semver >= 1.4.0": <n> nodes excluded by filter',
    'Constraint "${attr.nomad.version} semver >= 1.7.0-a": <n> nodes excluded by filter',
    'Constraint "${attr.nomad.version} semver >= 1.8.0-dev": <n> nodes excluded by filter',
  ],
  onlyWhen: { 'group.placement': ['not-placed', 'partly'] },
  needs: ['group.refusals', 'group.placement'],
  shows: ['group.refusals'],
  holds: ({ 'group.refusals': refusals, 'group.placement': placement }) => {
    const found = told(refusals)
    const version = found?.words[0] ?? ''
    return found
      ? {
          says: `${clients(found.count)} ${found.count === 1 ? 'is' : 'are'} left out, because ${wants[version] ?? 'this job'} wants Nomad ${version} or newer there`,
          severity: grave(placement),
        }
      : false
  },
  byHand: 'nomad node status -verbose <node>: nomad.version; compare with nomad server members.',
  explains: [],
  because:
    'Some things a job asks for are done by the client: it runs the checks of native services since 1.4, uses workload identities since 1.7 and redirects traffic for the mesh since 1.8. The servers add a constraint on the version of the client for each, so that an older client is left out instead of quietly ignoring it.',
  fix: () => [
    {
      do: 'Upgrade the clients to the version of the servers',
      on: 'clients',
      risk: 'Running allocations go on while the agent restarts',
    },
    { do: 'Or leave out of the job what the old clients do not know', on: 'job file', risk: 'none' },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/upgrade', 'nomad/job_endpoint_hooks.go'],
  since: '0.1.0',
  examples: [
    {
      name: 'native checks and clients of 1.3',
      given: { 'group.placement': 'not-placed', 'group.refusals': refused('1.4.0') },
      then: 'present',
    },
    {
      name: 'a constraint that a person wrote',
      given: { 'group.placement': 'not-placed', 'group.refusals': refused('1.9.0') },
      then: 'absent',
    },
    { name: 'placed', given: { 'group.placement': 'placed', 'group.refusals': null }, then: 'absent' },
  ],
})
