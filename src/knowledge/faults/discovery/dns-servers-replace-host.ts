import { onlyOnNode, outcomeWords } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { group, record, task } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { Lookup } from '../../shapes/discovery.ts'

/** A name outside .consul that the group's own servers do not resolve and the client's do. */
function lost(
  spec: GroupSpec,
  lookups: readonly Lookup[],
  node: readonly Lookup[],
): { name: Lookup; servers: readonly string[] } | undefined {
  const servers = spec.network?.dns?.servers ?? []
  const name = onlyOnNode(lookups, node).find((one) => !/\.consul\.?$/.test(one.name))
  return servers.length > 0 && name ? { name, servers } : undefined
}

const withDns = group({
  services: [],
  network: { mode: 'bridge', ports: [], dns: { servers: ['10.0.0.10'], searches: [], options: [] } },
})
const base = { 'source.task.spec': task({ name: 'loop' }), 'source.alloc.record': record('s1') } as const
const asked = {
  'path.lookups.task': [{ name: 'db.corp.lan', outcome: 'refused', addresses: [], server: '10.0.0.10' }],
  'path.lookups.node': [{ name: 'db.corp.lan', outcome: 'found', addresses: ['10.0.0.9'] }],
} as const

export const dnsServersReplaceHost = fault({
  id: 'dns-servers-replace-host',
  about: 'path',
  title: "The group's own name servers do not know the names that the client resolves",
  layer: 'name',
  severity: 'breaks',
  heard: [
    "** server can't find <name>: REFUSED",
    'SERVFAIL for names outside of .consul',
    'service names resolve, company names do not',
    'lookup <name>: no such host',
    'lookup <name> on <server>:53: server misbehaving',
    'Temporary failure in name resolution',
  ],
  onlyWhen: { 'path.names.resolve': ['not-all'] },
  needs: ['source.task.spec', 'source.alloc.record', 'source.group.spec', 'path.lookups.task', 'path.lookups.node'],
  shows: ['source.group.spec', 'path.lookups.task', 'path.lookups.node'],
  holds: (known) => {
    const found = lost(known['source.group.spec'], known['path.lookups.task'], known['path.lookups.node'])
    return found === undefined
      ? false
      : `Group ${known['source.group.spec'].name} has network.dns servers ${found.servers.join(', ')}: ${found.name.name} ${outcomeWords[found.name.outcome]} in its task, and resolves on client ${known['source.alloc.record'].nodeName}`
  },
  byHand:
    'nslookup <name> in the task against getent hosts <name> on the client; look at the dns block of the network block.',
  explains: [],
  because:
    "The servers of a group's dns block replace those of the client, they are not added to them. Consul answers names under .consul itself and passes others on only if it has recursors; without them it refuses. So a group that names Consul alone resolves services and loses every other name.",
  fix: (known) => [
    {
      do: `Give Consul at ${(known['source.group.spec'].network?.dns?.servers ?? []).join(', ')} recursors = ["<the client's name server>"]`,
      on: 'Consul configuration',
      risk: 'Consul must be reloaded; its queries then go to that server',
    },
    {
      do: 'Or name a forwarder in the dns block that sends .consul to Consul and the rest to the usual servers',
      on: 'job file',
      risk: 'The allocations are replaced',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#dns-parameters',
    'https://developer.hashicorp.com/consul/docs/reference/agent/configuration-file/dns',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'Consul alone, without recursors',
      given: { ...base, ...asked, 'path.names.resolve': 'not-all', 'source.group.spec': withDns },
      then: 'present',
    },
    {
      name: 'the group has no dns block',
      given: { ...base, ...asked, 'path.names.resolve': 'not-all', 'source.group.spec': group() },
      then: 'absent',
    },
    {
      name: 'every name resolves',
      given: {
        ...base,
        'path.names.resolve': 'all',
        'path.lookups.task': [],
        'path.lookups.node': [],
        'source.group.spec': withDns,
      },
      then: 'absent',
    },
  ],
})
