import { edits, set } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { numeric, withSidecar } from '../../mesh.ts'
import { check, group, meshed, service } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'

/** A check that dials a number on the client which no port block opens there. */
function wrong(spec: GroupSpec) {
  for (const { name, port, address, checks } of withSidecar(spec))
    for (const one of checks) {
      const dialled = one.port || port
      if (
        !one.expose &&
        ['http', 'grpc'].includes(one.type) &&
        numeric(dialled) &&
        address === '' &&
        ['', 'host'].includes(one.addressMode) &&
        !spec.network?.ports.some((open) => open.static === Number(dialled))
      )
        return { service: name, check: one, port: dialled }
    }
  return undefined
}

const open = { mode: 'bridge', ports: [{ label: 'http', static: 8080, to: 8080, hostNetwork: 'default' }] }

export const connectCheckNotExposed = fault({
  id: 'connect-check-not-exposed',
  about: 'group',
  title: 'The check of a service behind a sidecar cannot reach the application',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'Get "http://:<port>/<path>": dial tcp :<port>: connect: connection refused',
    'dial tcp <address>:<port>: connect: connection refused',
    'Get "http://<address>:<port>/<path>": dial tcp <address>:<port>: connect: connection refused',
  ],
  onlyWhen: { 'group.network.mode': ['bridge', 'cni'] },
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return found
      ? {
          says: `The ${found.check.type} check of ${found.service} dials port ${found.port} of the client, where nothing is open: it has no expose, and the application listens inside group ${spec.name} only`,
          at: found.check,
        }
      : false
  },
  byHand:
    'curl http://127.0.0.1:8500/v1/agent/checks on the client: the output of the check says connection refused, although the application answers in its namespace.',
  explains: ['consul-check-address-mode', 'consul-service-critical-filtered', 'connect-destination-unhealthy'],
  because:
    'A check is made by the Consul agent of the client, outside the namespace of the group. With a number as port it dials that number on the client, and there nobody listens: what is inside is reached only through the sidecar, which wants a certificate the agent does not have. The service stays critical, and the mesh sends nobody to it.',
  fix: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return [
      {
        do: `Add expose = true to the check of service ${found?.service ?? ''}`,
        on: 'job file',
        risk: 'The path of the check is open on a port of the client without the protection of the mesh',
        ...edits(found && [set(found.check, 'expose', true)], 'the check is not written out'),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/expose',
    'https://github.com/hashicorp/nomad/issues/7709',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'an http check on the number of the application',
      given: { 'group.network.mode': 'bridge', 'group.spec': group({ services: [meshed({ checks: [check()] })] }) },
      then: 'present',
    },
    {
      name: 'exposed',
      given: {
        'group.network.mode': 'bridge',
        'group.spec': group({ services: [meshed({ checks: [check({ expose: true })] })] }),
      },
      then: 'absent',
    },
    {
      name: 'the number is open on the client',
      given: {
        'group.network.mode': 'bridge',
        'group.spec': group({ network: open, services: [meshed({ checks: [check()] })] }),
      },
      then: 'absent',
    },
    {
      name: 'host networking: the number is on the client',
      given: { 'group.network.mode': 'host', 'group.spec': group({ services: [service()] }) },
      then: 'absent',
    },
  ],
})
