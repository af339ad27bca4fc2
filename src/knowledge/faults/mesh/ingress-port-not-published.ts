import { edits, set, severalPorts } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { insidePort } from '../../mesh.ts'
import { group, service } from '../../samples.ts'
import type { GroupSpec, ListenerSpec } from '../../shapes/job.ts'

/** A listener inside the namespace to which no port of the client leads. */
function shut(spec: GroupSpec) {
  for (const { name, connect } of spec.services)
    for (const { port } of connect?.listeners ?? []) {
      const ports = spec.network?.ports ?? []
      if (port !== 0 && !ports.some(({ label }) => insidePort(spec, label) === port)) return { service: name, port }
    }
  return undefined
}

const gateway = (port: number, to: number) => {
  const listeners: readonly ListenerSpec[] = [{ port, protocol: 'tcp', services: ['website'] }]
  return group({
    network: { mode: 'bridge', ports: [{ label: 'in', static: 8080, to, hostNetwork: 'default' }] },
    services: [
      service({
        name: 'ingress',
        provider: 'consul',
        port: '8080',
        connect: { native: false, gateway: true, listeners },
      }),
    ],
    tasks: [],
  })
}

export const ingressPortNotPublished = fault({
  id: 'ingress-port-not-published',
  about: 'group',
  title: 'No port of the client leads to a listener of the ingress gateway',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'curl: (7) Failed to connect to <address> port <port>: Connection refused',
    'the gateway is healthy, and nobody outside can reach it',
  ],
  onlyWhen: { 'group.network.mode': ['bridge', 'cni'] },
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = shut(spec)
    return found
      ? {
          says: `Gateway ${found.service} listens on port ${found.port} in the namespace of group ${spec.name}, and no port block leads there`,
          at: spec.network?.ports.length === 1 ? [spec.network.ports[0] ?? spec, 'to'] : (spec.network ?? spec),
        }
      : false
  },
  byHand: 'nomad alloc status <alloc>: no port has "-> <port of the listener>".',
  explains: [],
  because:
    'The listeners of an ingress gateway are opened by Envoy in the network namespace of the group. Nothing outside reaches them unless a port block opens a port of the client and leads to exactly that number. The port of the service does not do it: it only says what is registered.',
  fix: ({ 'group.spec': spec }) => {
    const found = shut(spec)
    const [only, ...more] = spec.network?.ports ?? []
    return [
      {
        do: `Add a port block "inbound" with static and to = ${shut(spec)?.port ?? 8080} to the network block of group ${spec.name}, or correct the to of an existing one`,
        on: 'job file',
        risk: 'The port is open on the client from then on',
        ...edits(found && only && more.length === 0 ? [set(only, 'to', found.port)] : undefined, severalPorts),
      },
    ]
  },
  references: ['https://developer.hashicorp.com/nomad/docs/job-specification/gateway'],
  since: '0.1.0',
  examples: [
    {
      name: 'the port leads elsewhere',
      given: { 'group.network.mode': 'bridge', 'group.spec': gateway(8080, 8081) },
      then: 'present',
    },
    {
      name: 'the port leads to the listener',
      given: { 'group.network.mode': 'bridge', 'group.spec': gateway(8080, 8080) },
      then: 'absent',
    },
    {
      name: 'with host networking the listener is on the client',
      given: { 'group.network.mode': 'host', 'group.spec': gateway(8080, 8081) },
      then: 'absent',
    },
  ],
})
