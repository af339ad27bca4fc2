import { clientOf, consulBlocks, told } from '../../clients.ts'
import { short } from '../../discovery.ts'
import { each, stepsOf } from '../../each.ts'
import { edits, set } from '../../edit.ts'
import { fault, type Wrong } from '../../fault.ts'
import { record, sidecarFailed } from '../../samples.ts'
import type { AllocRecord } from '../../shapes/runtime.ts'

type Agent = Readonly<Record<string, unknown>>

const words = /error parsing Consul address "([^"]*)": [^\n]*too many colons in address/
const failed = ({ tasks, clientDescription }: AllocRecord): RegExpExecArray | undefined =>
  [
    ...tasks.filter(({ state }) => state !== 'running').flatMap(({ events }) => events.map(({ text }) => text)),
    clientDescription,
  ]
    .map((text) => words.exec(text))
    .findLast((found) => found !== null) ?? undefined

/** Blocks of a client with a scheme in front of the address, and no address for gRPC beside it. */
function wrongs(own: Agent): readonly Wrong[] {
  if (clientOf(own)['Enabled'] !== true) return []
  return consulBlocks(own).flatMap((block) => {
    const [address, scheme, bare = ''] = /^(https?):\/\/(.+?)\/*$/.exec(told(block, 'Addr')) ?? []
    if (address === undefined || told(block, 'GRPCAddr') !== '') return []
    const secure = scheme === 'https'
    return [
      {
        says: `The consul block has address = "${address}": allocations with a sidecar or a gateway fail on this client, because it wants host:port`,
        at: [block, 'address'] as const,
        fix: [
          {
            do: `Write address = "${bare}"${secure ? ' and ssl = true' : ''}`,
            on: 'client configuration',
            risk: 'The client agent has to be restarted',
            ...edits([set(block, 'address', bare), ...(secure ? [set(block, 'ssl', true)] : [])], ''),
          },
        ],
      },
    ]
  })
}

const agent = (consul: object): Agent => ({ Client: { Enabled: true }, Consuls: [consul] })

export const connectConsulAddressScheme = fault({
  id: 'connect-consul-address-scheme',
  about: 'alloc',
  title: "The client's Consul address begins with a scheme, so no sidecar starts there",
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'error parsing Consul address "http://<address>": address http://<address>: too many colons in address',
    'Get "https://<address>:8500/v1/agent/self": http: server gave HTTP response to HTTPS client',
  ],
  needs: ['alloc.record'],
  holds: ({ 'alloc.record': alloc }) => {
    const [, address = ''] = failed(alloc) ?? []
    return failed(alloc) === undefined
      ? false
      : `Allocation ${short(alloc.id)} of ${alloc.job}/${alloc.group} does not start: client ${alloc.nodeName} has ${address} as address of Consul, which is no host and port`
  },
  byHand: 'nomad alloc status <alloc> says "error parsing Consul address ... too many colons in address".',
  explains: ['connect-destination-unhealthy'],
  because:
    'The address of the consul block serves two purposes. The Consul library of the agent takes it with a scheme, so registration works. For a sidecar or a gateway the client makes the address for gRPC of it: it splits host and port, and puts 8502 in the place of the port. With a scheme there is one colon too many, the allocation fails before its tasks start, and the mesh has no such destination.',
  fix: ({ 'alloc.record': { nodeName } }) => [
    {
      do: 'Write the address of the consul block as host:port; for TLS set ssl = true. Then restart the agent',
      on: `client configuration of ${nodeName}`,
      risk: 'Running allocations go on',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/consul#address',
    'client/allocrunner/consul_grpc_sock_hook.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a scheme',
      given: {
        'alloc.record': sidecarFailed(
          'error parsing Consul address "http://127.0.0.1:8500": address http://127.0.0.1:8500: too many colons in address',
        ),
      },
      then: 'present',
    },
    { name: 'it runs', given: { 'alloc.record': record('a1') }, then: 'absent' },
  ],
  foretold: {
    about: 'node',
    needs: ['node.agent'],
    holds: ({ 'node.agent': own }) => {
      const found = each(wrongs(own))
      // Jobs without a sidecar do not mind.
      return found && { ...found, severity: 'degrades' }
    },
    fix: ({ 'node.agent': own }) => stepsOf(wrongs(own)),
    examples: [
      { name: 'a scheme', given: { 'node.agent': agent({ Addr: 'http://127.0.0.1:8500' }) }, then: 'present' },
      { name: 'host and port', given: { 'node.agent': agent({ Addr: '127.0.0.1:8500' }) }, then: 'absent' },
      {
        name: 'gRPC has an address of its own',
        given: { 'node.agent': agent({ Addr: 'http://127.0.0.1:8500', GRPCAddr: '127.0.0.1:8502' }) },
        then: 'absent',
      },
    ],
  },
})
