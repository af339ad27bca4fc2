import { onlyOnNode, outcomeWords } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { record, task } from '../../samples.ts'
import type { Lookup } from '../../shapes/discovery.ts'

/** Consul names that some server denies to the task and that resolve on its client. */
const denied = (lookups: readonly Lookup[], node: readonly Lookup[]): Lookup | undefined =>
  onlyOnNode(lookups, node).find(({ name, outcome }) => /\.consul\.?$/.test(name) && outcome !== 'no-server')

const base = {
  'source.task.spec': task({ name: 'loop' }),
  'source.alloc.record': record('s1'),
  'path.resolver': { servers: ['10.0.0.53'], searches: [] },
  'source.node.resolv-conf': 'nameserver 127.0.0.1\nnameserver 10.0.0.53',
} as const

export const dnsConsulNotForwarded = fault({
  id: 'dns-consul-not-forwarded',
  about: 'path',
  title: "Consul's names resolve on the client, but not at the name server of the task",
  layer: 'name',
  severity: 'breaks',
  heard: [
    "** server can't find <name>.service.consul: NXDOMAIN",
    'lookup <name>.service.consul: no such host',
    'getent hosts <name>.service.consul works on the client and not in the container',
    'Could not resolve host: <name>.service.consul',
    'host not found in upstream "<name>.service.consul"',
    'lookup <name>.service.consul on <server>:53: no such host',
    'java.net.UnknownHostException: <name>.service.consul',
    'getaddrinfo ENOTFOUND <name>.service.consul',
    'Error: getaddrinfo EAI_AGAIN <name>.service.consul',
    'could not translate host name "<name>.service.consul" to address: Name or service not known',
    'lookup <name>.service.consul on 127.0.0.11:53: no such host',
    "bad address '<name>.service.consul'",
    'lookup <name>.service.consul on <server>:53: server misbehaving',
    'Error -2 connecting to <name>.service.consul:<port>. Name or service not known.',
  ],
  onlyWhen: { 'path.names.resolve': ['not-all'] },
  needs: [
    'source.task.spec',
    'source.alloc.record',
    'path.lookups.task',
    'path.lookups.node',
    'path.resolver',
    'source.node.resolv-conf',
  ],
  shows: ['path.lookups.task', 'path.lookups.node', 'path.resolver', 'source.node.resolv-conf'],
  holds: (known) => {
    const found = denied(known['path.lookups.task'], known['path.lookups.node'])
    return found === undefined
      ? false
      : `${found.name} ${outcomeWords[found.outcome]} in task ${known['source.task.spec'].name} (name server ${found.server ?? known['path.resolver'].servers.join(', ')}), and resolves on client ${known['source.alloc.record'].nodeName}`
  },
  byHand:
    'On the client: getent hosts <name>.service.consul works; in the task: nslookup <name>.service.consul does not. Compare /etc/resolv.conf of both.',
  explains: [],
  because:
    "Names under .consul are known to Consul only. On the client a local forwarder (on 127.0.0.1 or 127.0.0.53) sends them there, but loopback addresses of the client mean nothing inside a network namespace, and docker drops them from the task's file. The task then asks the next server of the list, and that one has never heard of .consul.",
  fix: ({ 'source.alloc.record': { nodeName } }) => [
    {
      do: `Let the forwarder or Consul's DNS on client ${nodeName} listen on port 53 of an address that the namespace reaches`,
      on: `client ${nodeName}`,
      risk: 'Others in the network may then ask it as well',
    },
    {
      do: 'Name that address in the group: network { dns { servers = ["${attr.unique.network.ip-address}"] } }',
      on: 'job file',
      risk: "The allocations are replaced; the list replaces the client's servers, so the forwarder must know all other names too",
    },
  ],
  references: [
    'https://developer.hashicorp.com/consul/docs/discover/dns/forwarding',
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#dns-parameters',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'NXDOMAIN in the task, an address on the client',
      given: {
        ...base,
        'path.names.resolve': 'not-all',
        'path.lookups.task': [
          { name: 'orders.service.consul', outcome: 'no-such-name', addresses: [], server: '10.0.0.53' },
        ],
        'path.lookups.node': [{ name: 'orders.service.consul', outcome: 'found', addresses: ['10.0.0.1'] }],
      },
      then: 'present',
    },
    {
      name: 'the name exists nowhere',
      given: {
        ...base,
        'path.names.resolve': 'not-all',
        'path.lookups.task': [{ name: 'orders.service.consul', outcome: 'no-such-name', addresses: [] }],
        'path.lookups.node': [{ name: 'orders.service.consul', outcome: 'fails', addresses: [] }],
      },
      then: 'absent',
    },
    {
      name: 'every name resolves',
      given: { ...base, 'path.names.resolve': 'all', 'path.lookups.task': [], 'path.lookups.node': [] },
      then: 'absent',
    },
  ],
})
