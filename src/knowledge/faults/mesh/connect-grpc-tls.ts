import { consulBlocks } from '../../clients.ts'
import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'

const set = (value: unknown): boolean => typeof value === 'string' && value !== ''
const bare = (agent: Readonly<Record<string, unknown>>): boolean => {
  const own = consulBlocks(agent)
  return own.length > 0 && own.every((one) => !set(one['GRPCCAFile']))
}

const base = { 'group.mesh': 'sidecar', 'node.consul.grpc': 'tls', 'alloc.record': record('a1') } as const

export const connectGrpcTls = fault({
  id: 'connect-grpc-tls',
  about: 'alloc',
  title: "Consul's gRPC port wants TLS, and Nomad has no certificate authority for it",
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'error connecting to grpc',
    'TLS error: <number>:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER',
    'SSL routines:ssl3_get_record:wrong version number',
    'gRPC config stream closed: 14',
    'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
    'gRPC config stream to local_agent closed since <n>s ago: 14, upstream connect error or disconnect/reset before headers. reset reason: connection termination',
  ],
  onlyWhen: { 'group.mesh': ['sidecar', 'transparent-proxy', 'gateway'], 'node.consul.grpc': ['tls'] },
  needs: ['node.agent', 'alloc.record'],
  shows: ['node.agent'],
  holds: ({ 'node.agent': agent, 'alloc.record': { nodeName } }) =>
    bare(agent)
      ? `Client ${nodeName} leads the sidecars to the gRPC port of Consul that wants TLS, and its consul block has no grpc_ca_file`
      : false,
  byHand:
    'nomad agent-info and the consul block of the client: grpc_address and grpc_ca_file; curl /v1/agent/self of Consul: GRPCPort and GRPCTLSPort.',
  explains: ['connect-destination-unhealthy'],
  because:
    'Since Consul 1.14 ports.grpc speaks plain text only, and TLS has a port of its own, ports.grpc_tls. A Nomad that talks to Consul over https takes that one for its sidecars too. It then needs grpc_ca_file to know whom to trust; without it every connection of a sidecar to Consul ends at once, and the sidecar has no listeners.',
  fix: ({ 'alloc.record': { nodeName } }) => [
    {
      do: 'Set grpc_address = "127.0.0.1:8503" and grpc_ca_file = "<ca>" in the consul block and restart the agent',
      on: `client ${nodeName}`,
      risk: 'Running allocations go on',
    },
    {
      do: 'Or open the plain port on loopback: ports { grpc = 8502 }, and grpc_address = "127.0.0.1:8502"',
      on: 'Consul configuration',
      risk: 'Whoever is on the client may speak to it without TLS',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/consul#grpc_ca_file',
    'https://github.com/hashicorp/nomad/issues/15360',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'no certificate authority',
      given: { ...base, 'node.agent': { Consuls: [{ Addr: '127.0.0.1:8501' }] } },
      then: 'present',
    },
    {
      name: 'one is set',
      given: { ...base, 'node.agent': { Consuls: [{ GRPCCAFile: '/etc/ca.pem' }] } },
      then: 'absent',
    },
    {
      name: 'plain text',
      given: { ...base, 'node.consul.grpc': 'plain', 'node.agent': { Consuls: [{}] } },
      then: 'absent',
    },
    { name: 'no mesh', given: { ...base, 'group.mesh': 'none', 'node.agent': { Consuls: [{}] } }, then: 'absent' },
  ],
})
