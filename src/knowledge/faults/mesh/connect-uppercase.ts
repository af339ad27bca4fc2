import { edits } from '../../edit.ts'
import { namedElsewhere, renamedService } from '../../edit-rename.ts'
import { fault } from '../../fault.ts'
import { withSidecar } from '../../mesh.ts'
import type { At } from '../../place.ts'
import { group, job, meshed, service } from '../../samples.ts'
import type { GroupSpec, ServiceSpec } from '../../shapes/job.ts'

const upper = (text: string): boolean => text !== text.toLowerCase() && !text.includes('${')

function wrong(spec: GroupSpec): { readonly what: string; readonly at: At; readonly own?: ServiceSpec } | undefined {
  const own = withSidecar(spec)
  const found = own.find(({ name }) => upper(name))
  if (found) return { what: `service ${found.name}`, at: [found, 'name'], own: found }
  return own.length > 0 && upper(spec.name) ? { what: `group ${spec.name}`, at: spec } : undefined
}

export const connectUppercase = fault({
  id: 'connect-uppercase',
  about: 'group',
  title: 'A service with a sidecar, or its group, has upper case letters in its name',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'Consul Connect service name "<service>" in group "<group>" must not contain uppercase characters',
    'Consul Connect group "<group>" with service "<service>" must not contain uppercase characters',
  ],
  needs: ['group.spec', 'job.spec'],
  shows: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return found
      ? {
          says: `The name of ${found.what} has upper case letters, and a sidecar belongs to it, so the servers refuse the job`,
          at: found.at,
        }
      : false
  },
  byHand: 'nomad job validate <file> says "must not contain uppercase characters".',
  explains: [],
  because:
    'Service and group become part of the id under which the sidecar is registered, and of the name in its certificate. Consul and Envoy compare these names in lower case, so a name with upper case letters would never match its own certificate. Nomad refuses such a job; services without a sidecar may have upper case letters.',
  fix: ({ 'group.spec': spec, 'job.spec': job }) => {
    const found = wrong(spec)
    return [
      {
        do: `Write the name of ${found?.what ?? 'the service'} in lower case`,
        on: 'job file',
        risk: 'Upstreams and intentions must name it in lower case too',
        ...edits(
          found?.own && !found.own.name.includes('${')
            ? renamedService(found.own, found.own.name.toLowerCase(), job)
            : undefined,
          found?.own ? namedElsewhere : 'the name of a group stands in addresses and commands as well',
        ),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/connect',
    'nomad/job_endpoint_hook_connect.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'upper case in the service name',
      given: { 'job.spec': job(), 'group.spec': group({ services: [meshed({ name: 'Refunds' })] }) },
      then: 'present',
    },
    {
      name: 'upper case in the group name',
      given: { 'job.spec': job(), 'group.spec': group({ name: 'API', services: [meshed()] }) },
      then: 'present',
    },
    {
      name: 'upper case without a sidecar',
      given: { 'job.spec': job(), 'group.spec': group({ name: 'API', services: [service({ name: 'Refunds' })] }) },
      then: 'absent',
    },
  ],
})
