import { allocOf, healthOf, short } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { instance, record, task } from '../../samples.ts'
import type { ConsulInstance } from '../../shapes/runtime.ts'
import { quoted } from '../../quoted.ts'

/** The sidecar's own row of the allocation, where it is critical. */
function critical(instances: readonly ConsulInstance[], alloc: string) {
  const found = instances.find(
    (one) => allocOf(one) === alloc && one.proxyFor !== undefined && healthOf(one) === 'critical',
  )
  const check = found?.checks.find(({ status }) => status === 'critical')
  return found && check ? { service: found.proxyFor ?? '', check } : undefined
}

const alloc = '12fef216-f6eb-31a4-cb2f-75fb3be320cd'
const proxy = (status: string) =>
  instance(alloc, {
    id: `_nomad-task-${alloc}-group-api-orders-8080-sidecar-proxy`,
    service: 'orders-sidecar-proxy',
    proxyFor: 'orders',
    kind: 'connect-proxy',
    checks: [
      {
        id: 'x:2',
        name: 'Connect Sidecar Listening',
        type: 'tcp',
        status,
        output: 'dial tcp 10.0.0.1:25000: connect: connection refused',
      },
    ],
  })
const base = { 'path.mesh': 'upstream', 'source.task.spec': task(), 'target.alloc.record': record(alloc) } as const

export const connectDestinationUnhealthy = fault({
  id: 'connect-destination-unhealthy',
  about: 'path',
  title: 'The sidecar of the destination counts as unhealthy, so the mesh sends nobody to it',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'no healthy upstream',
    'Connect Sidecar Listening: dial tcp <address>:<port>: connect: connection refused',
    'upstream connect error or disconnect/reset before headers. reset reason: connection failure',
  ],
  onlyWhen: { 'path.mesh': ['upstream', 'transparent-proxy', 'native'] },
  needs: ['source.task.spec', 'target.alloc.record', 'target.node.consul.services'],
  shows: ['target.node.consul.services'],
  holds: (known) => {
    const { id } = known['target.alloc.record']
    const found = critical(known['target.node.consul.services'], id)
    return found
      ? `The sidecar of ${found.service} in allocation ${short(id)} is critical: ${quoted(found.check.name, 60)}${found.check.output === '' ? '' : `, ${quoted(found.check.output, 140)}`}`
      : false
  },
  byHand:
    'curl http://127.0.0.1:8500/v1/health/connect/<service>: which check is critical? "Aliasing" means the service itself, "Listening" the sidecar.',
  explains: [],
  because:
    'The mesh calls a destination through its sidecar, and Consul hands callers only sidecars whose checks pass. One check copies the state of the service itself; the other opens a connection to the port of the sidecar. When either is critical, the caller has an upstream without a destination: its connections are closed, or answered with 503.',
  fix: (known) => {
    const found = critical(known['target.node.consul.services'], known['target.alloc.record'].id)
    return [
      {
        do: found?.check.name.includes('Aliasing')
          ? `Mend the check of service ${found.service} itself: its output says what it met`
          : `Look at the sidecar of ${found?.service ?? ''}: does it run, and what does its log say of Consul`,
        on: `client ${known['target.alloc.record'].nodeName}`,
        run: [
          'nomad',
          'alloc',
          'logs',
          '-stderr',
          '-task',
          `connect-proxy-${found?.service ?? ''}`,
          short(known['target.alloc.record'].id),
        ],
        risk: 'none',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/consul/service-mesh',
    'https://developer.hashicorp.com/consul/docs/reference/proxy/envoy',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the sidecar does not listen',
      given: { ...base, 'target.node.consul.services': [proxy('critical')] },
      then: 'present',
    },
    { name: 'it passes', given: { ...base, 'target.node.consul.services': [proxy('passing')] }, then: 'absent' },
    {
      name: 'the call does not go through the mesh',
      given: { ...base, 'path.mesh': 'none', 'target.node.consul.services': [proxy('critical')] },
      then: 'absent',
    },
  ],
})
