import { edits, set } from '../../edit.ts'
import { servicesOf } from '../../discovery.ts'
import type { Edit } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { group, service } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'

/** Two services of one group that go to different catalogues. */
function mixed(spec: GroupSpec) {
  const all = servicesOf(spec)
  const native = all.find(({ provider }) => provider === 'nomad')
  const consul = all.find(({ provider }) => provider === 'consul')
  return native && consul ? { native: native.name, consul: consul.name, at: consul } : undefined
}

/** All services in Nomad's catalogue; none where one is in the mesh or has a check that only Consul knows. */
const asNative = (spec: GroupSpec): readonly Edit[] | undefined => {
  const consul = servicesOf(spec).filter(({ provider }) => provider === 'consul')
  const bound = consul.some(
    ({ connect, checks }) =>
      connect !== undefined ||
      checks.some(({ type, expose, consulOnly }) => !['http', 'tcp'].includes(type) || expose || consulOnly),
  )
  return bound ? undefined : consul.map((one) => set(one, 'provider', 'nomad'))
}

export const nsdMixedProviders = fault({
  id: 'nsd-mixed-providers',
  about: 'group',
  title: 'Services of one group are registered with two providers',
  layer: 'job',
  severity: 'breaks',
  heard: ['Multiple service providers used: task group services must use the same provider'],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = mixed(spec)
    return found
      ? {
          says: `Group ${spec.name} registers ${found.native} with provider = "nomad" and ${found.consul} with Consul (the provider when none is named), so the servers refuse the job`,
          at: found.at,
        }
      : false
  },
  byHand: 'nomad job validate <file> says "Multiple service providers used".',
  explains: [],
  because:
    'A group has one place where its services are registered and deregistered with its allocations, so all its services, those of its tasks included, must have the same provider. A service block without provider belongs to Consul. The usual way to get here is to write provider = "nomad" into one of two service blocks.',
  fix: ({ 'group.spec': spec }) => [
    {
      do: `Write provider = "nomad" into every service block of group ${spec.name}, ${mixed(spec)?.consul ?? ''} included`,
      on: 'job file',
      risk: 'none: the job was not accepted before',
      ...edits(asNative(spec), 'a service needs what only Consul has'),
    },
    {
      do: 'Or take provider = "nomad" out of all of them, if they belong to Consul',
      on: 'job file',
      risk: 'The clients need a Consul agent then',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/service#provider',
    'nomad/structs/structs.go',
  ],
  versions: { nomad: '>= 1.3.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'a second service without provider',
      given: {
        'group.spec': group({ services: [service(), service({ name: 'metrics', provider: 'consul' })] }),
      },
      then: 'present',
    },
    {
      name: 'both in Nomad',
      given: { 'group.spec': group({ services: [service(), service({ name: 'metrics' })] }) },
      then: 'absent',
    },
  ],
})
