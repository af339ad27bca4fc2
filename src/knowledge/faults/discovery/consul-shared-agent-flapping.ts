import { consulBlocks } from '../../clients.ts'
import { names } from '../../placement.ts'
import { servicesOf } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { group, nodeDocument, service } from '../../samples.ts'
import type { NodeDocument } from '../../shapes/runtime.ts'

/** The Consul agent that both clients name as theirs. */
function shared(one: NodeDocument, other: NodeDocument): string | undefined {
  const agent = one.attributes['unique.consul.name']
  return one.id !== other.id && agent !== undefined && agent === other.attributes['unique.consul.name']
    ? agent
    : undefined
}

const client = (name: string, agent: string) =>
  nodeDocument({ id: name, name, attributes: { 'unique.consul.name': agent } })
const base = {
  'path.place': 'other-client',
  'source.node.document': client('c1', 'central'),
  'target.node.document': client('c2', 'central'),
  'target.group.spec': group({ services: [service({ provider: 'consul' })] }),
} as const

type Json = Readonly<Record<string, unknown>>
/** The consul block with an address that other clients have too. */
function common(agent: Json, shared: readonly { readonly address: string; readonly clients: readonly string[] }[]) {
  for (const block of consulBlocks(agent)) {
    const found = shared.find(({ address }) => address === block['Addr'])
    if (found) return { block, ...found }
  }
  return undefined
}
const central = { Consuls: [{ Addr: 'consul-lb:8500' }] }

export const consulSharedAgentFlapping = fault({
  id: 'consul-shared-agent-flapping',
  about: 'path',
  title: 'Several clients share one Consul agent, and each removes the services of the other',
  layer: 'node',
  severity: 'degrades',
  heard: ['consul: Deregistered service', 'services appear in Consul and vanish again every 30 seconds'],
  onlyWhen: { 'path.place': ['other-client'] },
  needs: ['source.node.document', 'target.node.document', 'target.group.spec'],
  shows: ['source.node.document', 'target.node.document'],
  holds: ({ 'source.node.document': from, 'target.node.document': to, 'target.group.spec': spec }) => {
    const agent = shared(from, to)
    const own = servicesOf(spec).find(({ provider }) => provider === 'consul')
    return agent !== undefined && own
      ? `Clients ${from.name} and ${to.name} use the same Consul agent ${agent}: each of them deregisters the services of the other, ${own.name} among them`
      : false
  },
  byHand: 'nomad node status -verbose <node> on two clients: unique.consul.name is the same.',
  explains: [],
  because:
    'About every 30 seconds a client compares what it registered with what its Consul agent has, and removes services of Nomad that it does not know. It takes all of them for its own leftovers. Where two clients use one agent, a central server or an address of a load balancer, each removes what the other registered and registers its own anew.',
  fix: () => [
    {
      do: 'Run a Consul agent beside every client and take the shared address out of the consul block (127.0.0.1:8500 is the default)',
      on: 'client configuration',
      risk: 'Services of the client are registered anew',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/consul',
    'https://github.com/hashicorp/nomad/issues/9916',
  ],
  since: '0.1.0',
  examples: [
    { name: 'two clients, one agent', given: base, then: 'present' },
    { name: 'each its own', given: { ...base, 'target.node.document': client('c2', 'c2') }, then: 'absent' },
    {
      name: 'the target registers nothing in Consul',
      given: { ...base, 'target.group.spec': group() },
      then: 'absent',
    },
    { name: 'on one client', given: { ...base, 'path.place': 'same-client' }, then: 'absent' },
  ],
  foretold: {
    about: 'node',
    needs: ['node.agent', 'cluster.consul.shared'],
    holds: ({ 'node.agent': agent, 'cluster.consul.shared': shared }) => {
      const found = common(agent, shared)
      return found
        ? {
            says: `Consul agent ${found.address} is that of several clients (${names(found.clients.map((one) => one.replace(/^node:/, '')))}): each removes the services that the other one registered`,
            at: [found.block, 'address'],
          }
        : false
    },
    fix: () => [
      {
        do: 'Run a Consul agent on every client, and use 127.0.0.1:8500',
        on: 'client configuration',
        risk: 'The client agent has to be restarted; services are registered anew',
      },
    ],
    examples: [
      {
        name: 'a load balancer before Consul',
        given: {
          'node.agent': central,
          'cluster.consul.shared': [{ address: 'consul-lb:8500', clients: ['node:c1', 'node:c2'] }],
        },
        then: 'present',
      },
      { name: 'an agent of its own', given: { 'node.agent': central, 'cluster.consul.shared': [] }, then: 'absent' },
    ],
  },
})
