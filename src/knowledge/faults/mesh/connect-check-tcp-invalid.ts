import { edits, remove } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { withSidecar } from '../../mesh.ts'
import { check, group, meshed, service } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'

const wrong = (spec: GroupSpec) => withSidecar(spec).find(({ checks }) => checks.some(({ type }) => type === 'tcp'))

export const connectCheckTcpInvalid = fault({
  id: 'connect-check-tcp-invalid',
  about: 'group',
  title: 'A service with a sidecar has a tcp check',
  layer: 'mesh',
  severity: 'breaks',
  heard: ['Check <check> invalid: tcp checks are not valid for Connect enabled services'],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return found
      ? {
          says: `Service ${found.name} of group ${spec.name} has a sidecar and a tcp check, so the servers refuse the job`,
          at: [found.checks.find(({ type }) => type === 'tcp') ?? found, 'type'],
        }
      : false
  },
  byHand: 'nomad job validate <file> says "tcp checks are not valid for Connect enabled services".',
  explains: [],
  because:
    "Checks are made by the Consul agent, which is outside the mesh. An application behind a sidecar is meant to listen on loopback of its namespace only, where the agent cannot reach it, and a TCP connection to the sidecar's port would say nothing about the application. So Nomad refuses tcp checks there; http and gRPC checks can be let through the sidecar with expose.",
  fix: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return [
      {
        do: `Make the check of service ${found?.name ?? ''} an http or grpc check with expose = true`,
        on: 'job file',
        risk: 'The exposed path is open on the client without the protection of the mesh',
      },
      {
        do: 'Or take it out: Nomad adds a check that the sidecar listens',
        on: 'job file',
        risk: 'Nothing then tells whether the application itself is well',
        ...edits(
          found?.checks.filter(({ type }) => type === 'tcp').map((one) => remove(one)),
          'the check is not written out',
        ),
      },
    ]
  },
  references: ['https://developer.hashicorp.com/nomad/docs/job-specification/expose', 'nomad/structs/services.go'],
  since: '0.1.0',
  examples: [
    {
      name: 'a tcp check behind a sidecar',
      given: { 'group.spec': group({ services: [meshed({ checks: [check({ type: 'tcp' })] })] }) },
      then: 'present',
    },
    {
      name: 'an exposed http check',
      given: { 'group.spec': group({ services: [meshed({ checks: [check({ expose: true })] })] }) },
      then: 'absent',
    },
    {
      name: 'a tcp check without a sidecar',
      given: { 'group.spec': group({ services: [service({ checks: [check({ type: 'tcp' })] })] }) },
      then: 'absent',
    },
  ],
})
