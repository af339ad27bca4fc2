import type { Member } from '../../facts.ts'
import { fault } from '../../fault.ts'
import { names } from '../../placement.ts'
import { nodeDocument } from '../../samples.ts'
import type { NodeDocument } from '../../shapes/runtime.ts'

/** Clients that name the same Consul agent as theirs. */
function shared(nodes: readonly Member<NodeDocument>[]) {
  const ready = nodes.map(({ value }) => value).filter(({ status }) => status === 'ready')
  const byAgent = Map.groupBy(ready, ({ attributes }) => attributes['unique.consul.name'] ?? '')
  const [agent, several] = [...byAgent].find(([name, all]) => name !== '' && all.length > 1) ?? []
  return agent === undefined ? undefined : { agent, clients: (several ?? []).map(({ name }) => name) }
}

const client = (name: string, agent: string) => ({
  about: `node:${name}`,
  id: `node:${name}`,
  value: nodeDocument({ id: name, name, attributes: { 'unique.consul.name': agent } }),
})

export const consulSharedAgentFlapping = fault({
  id: 'consul-shared-agent-flapping',
  about: 'group',
  title: 'Several clients share one Consul agent, and each removes the services of the other',
  layer: 'node',
  severity: 'degrades',
  heard: ['consul: Deregistered service', 'services appear in Consul and vanish again every 30 seconds'],
  onlyWhen: { 'group.consul.registered': ['all', 'missing'] },
  needs: ['every.node.document'],
  holds: ({ 'every.node.document': nodes }) => {
    const found = shared(nodes)
    return found
      ? `Clients ${names(found.clients)} use the same Consul agent ${found.agent}: each of them deregisters the services of the others`
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
    {
      name: 'two clients, one agent',
      given: {
        'group.consul.registered': 'all',
        'every.node.document': [client('c1', 'central'), client('c2', 'central')],
      },
      then: 'present',
    },
    {
      name: 'each its own',
      given: { 'group.consul.registered': 'all', 'every.node.document': [client('c1', 'c1'), client('c2', 'c2')] },
      then: 'absent',
    },
    {
      name: 'the group registers nothing in Consul',
      given: {
        'group.consul.registered': 'none-wanted',
        'every.node.document': [client('c1', 'central'), client('c2', 'central')],
      },
      then: 'absent',
    },
  ],
})
