import { edits, set } from '../../edit.ts'
import { servicesOf } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { group, meshed } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'

const wrong = (spec: GroupSpec) =>
  servicesOf(spec).find(({ provider, connect }) => provider === 'nomad' && connect !== undefined)

export const nsdConnectBlock = fault({
  id: 'nsd-connect-block',
  about: 'group',
  title: 'A native service has a connect block, which only services of Consul can have',
  layer: 'mesh',
  severity: 'breaks',
  heard: ['Service with provider nomad cannot include Connect blocks'],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return found
      ? {
          says: `Service ${found.name} of group ${spec.name} has provider = "nomad" and a connect block, so the servers refuse the job`,
          at: [found, 'provider'],
        }
      : false
  },
  byHand: 'nomad job validate <file> says "Service with provider nomad cannot include Connect blocks".',
  explains: [],
  because:
    "The service mesh is Consul's: its certificates, its intentions, and the configuration of each sidecar come from Consul and belong to a service in Consul's catalogue. A service that Nomad keeps in its own catalogue has none of these, so a connect block in it has no meaning and the servers refuse it.",
  fix: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return [
      {
        do: `Write provider = "consul" in service ${found?.name ?? ''}, if it is to be in the mesh`,
        on: 'job file',
        risk: 'The clients need a Consul agent; callers must look it up in Consul',
        ...edits(found && [set(found, 'provider', 'consul')], 'the service is not written out'),
      },
      { do: 'Or take the connect block out', on: 'job file', risk: 'none: the job was not accepted before' },
    ]
  },
  references: ['https://developer.hashicorp.com/nomad/docs/job-specification/connect', 'nomad/structs/services.go'],
  versions: { nomad: '>= 1.3.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'a sidecar on a native service',
      given: { 'group.spec': group({ services: [meshed({ provider: 'nomad' })] }) },
      then: 'present',
    },
    {
      name: 'a sidecar on a service of Consul',
      given: { 'group.spec': group({ services: [meshed()] }) },
      then: 'absent',
    },
  ],
})
