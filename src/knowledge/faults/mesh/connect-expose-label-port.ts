import { edits, set } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { numeric } from '../../mesh.ts'
import { check, group, meshed, service, task } from '../../samples.ts'
import type { CheckSpec, GroupSpec, ServiceSpec } from '../../shapes/job.ts'

/** Source: nomad/job_endpoint_hook_expose_check.go: the label's host value counts, which a dynamic port has not got yet. */
function objection(spec: GroupSpec, own: ServiceSpec, one: CheckSpec): string | undefined {
  if (own.level === 'task') return 'belongs to the service of a task: the servers refuse the job'
  if (own.connect?.sidecar === undefined) return 'has no sidecar to expose it: the servers refuse the job'
  if (!['http', 'grpc'].includes(one.type)) return `is of type ${one.type}: the servers refuse the job`
  if (!one.path.startsWith('/'))
    return one.type === 'http' ? `has path "${one.path}" without a leading slash, so no path is exposed` : undefined
  if (numeric(own.port)) return undefined
  const port = spec.network?.ports.find(({ label }) => label === own.port)
  if (port?.static === undefined || port.static === 0)
    return `needs to know the port inside, and label ${own.port} is dynamic: the servers refuse the job`
  return port.to !== undefined && port.to > 0 && port.to !== port.static
    ? `is sent to port ${port.static} inside, the host's number of label ${own.port}, but the application listens on ${port.to}`
    : undefined
}

function wrong(spec: GroupSpec) {
  for (const own of [...spec.services, ...spec.tasks.flatMap(({ services }) => services)])
    for (const one of own.provider === 'consul' ? own.checks.filter(({ expose }) => expose) : []) {
      const why = objection(spec, own, one)
      if (why !== undefined) return { own, why }
    }
  return undefined
}

const exposed = check({ expose: true })
const open = (to: number) => ({ mode: 'bridge', ports: [{ label: 'http', static: 18090, to, hostNetwork: 'default' }] })

export const connectExposeLabelPort = fault({
  id: 'connect-expose-label-port',
  about: 'group',
  title: 'An exposed check does not lead to the port of the application',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'error in job mutator expose-check: unable to determine local service port for service check <group>-><service>-><check>',
    'exposed service check <group>-><service>-><check> requires use of sidecar_proxy',
    'expose may only be set on HTTP or gRPC checks',
    '<service> is not a task-group service',
    'group "<group>" must use bridge network for exposing service check(s)',
  ],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return found
      ? {
          says: `The exposed check of service ${found.own.name} in group ${spec.name} ${found.why}`,
          at: [found.own, 'port'],
        }
      : false
  },
  byHand:
    'nomad job plan <file> (validate may pass) names the check; in a job that runs, compare LocalPathPort of the expose path with what listens in the namespace.',
  explains: ['connect-destination-unhealthy'],
  because:
    'expose = true makes the servers write a rule for the sidecar: what comes in on a new port goes to the path on the local port of the application. They write it when the job is submitted, when a dynamic port has no number yet, so a dynamic label is refused. Of a static label they take the host number, not to, and when the two differ the sidecar dials a port inside where nobody listens.',
  fix: ({ 'group.spec': spec }) => {
    const own = wrong(spec)?.own
    const inside = spec.network?.ports.find(({ label }) => label === own?.port)?.to
    return [
      {
        do: `Write the number the application listens on as port of service ${own?.name ?? ''}${inside !== undefined && inside > 0 ? `: port = "${inside}"` : ''}`,
        on: 'job file',
        risk: 'The service is registered with that number; the mesh does not mind',
        ...edits(
          own && inside !== undefined && inside > 0 ? [set(own, 'port', String(inside))] : undefined,
          'the job does not say on which number the application listens',
        ),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/expose',
    'nomad/job_endpoint_hook_expose_check.go',
    'https://github.com/hashicorp/nomad/issues/9907',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a dynamic label',
      given: { 'group.spec': group({ services: [meshed({ port: 'http', checks: [exposed] })] }) },
      then: 'present',
    },
    {
      name: 'a static label with another port inside',
      given: {
        'group.spec': group({ network: open(8080), services: [meshed({ port: 'http', checks: [exposed] })] }),
      },
      then: 'present',
    },
    {
      name: 'no sidecar',
      given: { 'group.spec': group({ services: [service({ provider: 'consul', checks: [exposed] })] }) },
      then: 'present',
    },
    {
      name: 'in the service of a task',
      given: {
        'group.spec': group({
          services: [],
          tasks: [task({ services: [service({ provider: 'consul', level: 'task', checks: [exposed] })] })],
        }),
      },
      then: 'present',
    },
    {
      name: 'a number',
      given: { 'group.spec': group({ services: [meshed({ checks: [exposed] })] }) },
      then: 'absent',
    },
    {
      name: 'a static label with the same port inside',
      given: {
        'group.spec': group({ network: open(18090), services: [meshed({ port: 'http', checks: [exposed] })] }),
      },
      then: 'absent',
    },
  ],
})
