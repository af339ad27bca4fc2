import { edits, set, severalPorts } from '../../edit.ts'
import { servicesOf } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { check, group, meshed, service } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'

/**
 * A check that has to dial, and nothing says where. The servers give exposed checks and terminating gateways a port of
 * their own. Source: nomad/job_endpoint_hook_connect.go, job_endpoint_hook_expose_check.go.
 */
function wrong(spec: GroupSpec) {
  for (const own of servicesOf(spec)) {
    const { name, port, checks, connect } = own
    const found = checks.find(
      (one) =>
        port === '' &&
        !(own.level === 'group' && connect?.terminating) &&
        one.port === '' &&
        ['http', 'tcp', 'grpc'].includes(one.type) &&
        !(one.expose && connect?.sidecar !== undefined),
    )
    if (found) return { service: name, check: found, own }
  }
  return undefined
}

export const serviceNoPort = fault({
  id: 'service-no-port',
  about: 'group',
  title: 'A service has a check, and neither of them names a port',
  layer: 'job',
  severity: 'breaks',
  heard: ['Check <check> invalid: check requires a port but neither check nor service "<service>" have a port'],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return found
      ? {
          says: `Service ${found.service} of group ${spec.name} has a ${found.check.type} check and no port, so the servers refuse the job`,
          at: found.own,
        }
      : false
  },
  byHand: 'nomad job validate <file> says "check requires a port".',
  explains: [],
  because:
    'A service without a port is a name only: its row in the catalogue has port 0, and nobody can be sent there. A check of type http, tcp or grpc dials the port of its service unless it names one itself. When both are silent there is nothing to dial, and the servers refuse the job.',
  fix: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    const [label, ...more] = spec.network?.ports ?? []
    return [
      {
        do: `Set port in service ${wrong(spec)?.service ?? ''} to the label of its port block${spec.network?.ports[0] ? `, for example port = "${spec.network.ports[0].label}"` : ''}`,
        on: 'job file',
        risk: 'none: the job was not accepted before',
        ...edits(
          found && label !== undefined && more.length === 0 ? [set(found.own, 'port', label.label)] : undefined,
          severalPorts,
        ),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/service#port',
    'nomad/structs/services.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a tcp check and no port',
      given: { 'group.spec': group({ services: [service({ port: '', checks: [check({ type: 'tcp' })] })] }) },
      then: 'present',
    },
    {
      name: 'the check names a port',
      given: { 'group.spec': group({ services: [service({ port: '', checks: [check({ port: 'http' })] })] }) },
      then: 'absent',
    },
    {
      name: 'a script check dials nothing',
      given: {
        'group.spec': group({
          services: [service({ provider: 'consul', port: '', checks: [check({ type: 'script' })] })],
        }),
      },
      then: 'absent',
    },
    {
      name: 'a terminating gateway, which gets a port from the servers',
      given: {
        'group.spec': group({
          services: [
            service({
              provider: 'consul',
              port: '',
              checks: [check({ type: 'tcp' })],
              connect: { native: false, gateway: true, terminating: true },
            }),
          ],
        }),
      },
      then: 'absent',
    },
    {
      name: 'a caller in the mesh without a port and without a check',
      given: { 'group.spec': group({ services: [meshed({ port: '' })] }) },
      then: 'absent',
    },
  ],
})
