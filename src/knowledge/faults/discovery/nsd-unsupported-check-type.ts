import { placeOf } from '../../place.ts'
import { edits, set, unset } from '../../edit.ts'
import { servicesOf } from '../../discovery.ts'
import type { Edit } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { check, group, service } from '../../samples.ts'
import type { CheckSpec, GroupSpec } from '../../shapes/job.ts'

/** What a native check cannot have. Source: nomad/structs/services.go, `validateNomad`. */
function objection({
  type,
  expose,
  addressMode,
  consulOnly = [],
}: CheckSpec): readonly [why: string, attribute: string] | undefined {
  if (!['http', 'tcp'].includes(type)) return [`is of type ${type}; native checks are tcp or http`, 'type']
  if (expose) return ['has expose = true, which only checks of Consul know', 'expose']
  if (addressMode === 'driver') return ['has address_mode = "driver", which only checks of Consul know', 'address_mode']
  const [first] = consulOnly
  return first === undefined ? undefined : [`sets ${first}, which only checks of Consul know`, first]
}

function wrong(spec: GroupSpec) {
  for (const { name, provider, checks } of servicesOf(spec))
    for (const one of provider === 'nomad' ? checks : []) {
      const why = objection(one)
      if (why !== undefined) return { service: name, check: one, why: why[0], attribute: why[1] }
    }
  return undefined
}

const ofGrpc = ['grpc_service', 'grpc_use_tls', 'tls_server_name', 'tls_skip_verify']
/** The check as a native one: a gRPC server answers on TCP, and what only Consul knows goes. */
function native(check: CheckSpec, attribute: string): readonly Edit[] | undefined {
  if (attribute !== 'type') return [unset(check, attribute)]
  if (check.type !== 'grpc') return undefined
  return [
    set(check, 'type', 'tcp'),
    ...ofGrpc.filter((name) => placeOf(check)?.attrs[name]).map((name) => unset(check, name)),
  ]
}

export const nsdUnsupportedCheckType = fault({
  id: 'nsd-unsupported-check-type',
  about: 'group',
  title: 'A native service has a check that only Consul can run',
  layer: 'job',
  severity: 'breaks',
  heard: [
    'invalid check type ("script"), must be one of tcp, http',
    'invalid check type ("grpc"), must be one of tcp, http',
    'expose may only be set for Consul service checks',
    'address_mode = driver may only be set for Consul service checks',
    'on_update may only be set to ignore_warnings for Consul service checks',
  ],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return found
      ? {
          says: `Check ${found.check.name === '' ? '' : `${found.check.name} `}of native service ${found.service} ${found.why}, so the servers refuse the job`,
          at: [found.check, found.attribute],
        }
      : false
  },
  byHand: 'nomad job validate <file> names the check and what it may not have.',
  explains: [],
  because:
    'Checks of a native service are run by the Nomad client itself, and it knows two kinds: opening a TCP connection and asking for an HTTP page, each from the namespace of the host. Script and gRPC checks, thresholds, warnings and exposed paths are features of the Consul agent. The servers refuse a job that asks the client for them.',
  fix: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return [
      {
        do: `Make the check of ${found?.service ?? 'the service'} a plain http or tcp check on a port label`,
        on: 'job file',
        risk: 'none: the job was not accepted before',
        ...edits(found && native(found.check, found.attribute), 'a check of this type has no native counterpart'),
      },
      {
        do: 'Or register the services of the group with provider = "consul"',
        on: 'job file',
        risk: 'The clients need a Consul agent; callers must look them up in Consul',
      },
    ]
  },
  references: ['https://developer.hashicorp.com/nomad/docs/job-specification/check', 'nomad/structs/services.go'],
  versions: { nomad: '>= 1.4.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'a gRPC check',
      given: { 'group.spec': group({ services: [service({ checks: [check({ type: 'grpc' })] })] }) },
      then: 'present',
    },
    {
      name: 'thresholds',
      given: {
        'group.spec': group({ services: [service({ checks: [check({ consulOnly: ['failures_before_critical'] })] })] }),
      },
      then: 'present',
    },
    {
      name: 'a gRPC check of Consul',
      given: {
        'group.spec': group({ services: [service({ provider: 'consul', checks: [check({ type: 'grpc' })] })] }),
      },
      then: 'absent',
    },
    {
      name: 'an http check',
      given: { 'group.spec': group({ services: [service({ checks: [check()] })] }) },
      then: 'absent',
    },
  ],
})
