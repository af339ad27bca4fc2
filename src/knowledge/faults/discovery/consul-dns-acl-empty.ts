import { healthOf } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { instance, task } from '../../samples.ts'
import type { Ask, Lookup } from '../../shapes/discovery.ts'
import type { ConsulInstance, ConsulSettings } from '../../shapes/runtime.ts'

interface Asked {
  readonly ask: Ask
  readonly instances: readonly ConsulInstance[]
}

const host = ({ tag, name, datacenter }: Ask): string =>
  [
    ...(tag === undefined ? [] : [tag]),
    name,
    'service',
    ...(datacenter === undefined ? [] : [datacenter]),
    'consul',
  ].join('.')

/** A name without an answer anywhere, though the catalogue has healthy instances for it. */
function hidden(asked: readonly Asked[], task: readonly Lookup[], node: readonly Lookup[]): Ask | undefined {
  return asked.find(({ ask, instances }) => {
    const own = task.find(({ name }) => name === host(ask))
    const there = node.some(({ name, outcome }) => name === host(ask) && outcome === 'found')
    const healthy = instances.some(
      (one) => healthOf(one) !== 'critical' && (ask.tag === undefined || one.tags.includes(ask.tag)),
    )
    return ask.via === 'consul-dns' && own?.outcome === 'no-such-name' && !there && healthy
  })?.ask
}

const settings = (acls: boolean): ConsulSettings => ({
  version: '1.20.0',
  datacenter: 'dc1',
  acls,
  defaultPolicy: acls ? 'deny' : 'allow',
  grpcPort: 8502,
  grpcTlsPort: -1,
  dnsPort: 8600,
  recursors: [],
  envoy: [],
})
const base = {
  'path.names.resolve': 'not-all',
  'source.task.spec': task(),
  'path.asked.instances': [
    { ask: { via: 'consul-dns', name: 'orders', where: 'arguments' }, instances: [instance('a1')] },
  ],
  'path.lookups.task': [{ name: 'orders.service.consul', outcome: 'no-such-name', addresses: [] }],
  'path.lookups.node': [{ name: 'orders.service.consul', outcome: 'no-such-name', addresses: [] }],
  'cluster.consul.settings': settings(true),
} as const

export const consulDnsAclEmpty = fault({
  id: 'consul-dns-acl-empty',
  about: 'path',
  title: "Consul's DNS hides the service, because its token may not read it",
  layer: 'name',
  severity: 'breaks',
  heard: ["** server can't find <name>.service.consul: NXDOMAIN", 'the API shows the service, DNS does not'],
  onlyWhen: { 'path.names.resolve': ['not-all'] },
  needs: [
    'source.task.spec',
    'path.asked.instances',
    'path.lookups.task',
    'path.lookups.node',
    'cluster.consul.settings',
  ],
  shows: ['path.lookups.task', 'path.asked.instances', 'cluster.consul.settings'],
  holds: (known) => {
    const { acls, defaultPolicy } = known['cluster.consul.settings']
    const found =
      acls && defaultPolicy === 'deny'
        ? hidden(known['path.asked.instances'], known['path.lookups.task'], known['path.lookups.node'])
        : undefined
    return found
      ? `${host(found)} is answered with "no such name", although Consul has a healthy instance of ${found.name}: ACLs deny by default, and DNS asks without a token that may read it`
      : false
  },
  byHand:
    'dig @127.0.0.1 -p 8600 <name>.service.consul SRV says NXDOMAIN, while curl with a privileged token on /v1/health/service/<name> has instances.',
  explains: [],
  because:
    "A question to Consul's DNS carries no token, so the agent answers with one of its own: the dns token, else the default one, else anonymous. It needs service:read and node:read for what it is asked about. What it may not read is left out of the answer, and a name of which nothing is left does not exist.",
  fix: () => [
    {
      do: 'Give the agents a dns token with service_prefix "" read and node_prefix "" read (acl.tokens.dns, or acl.tokens.default before 1.17)',
      on: 'Consul configuration',
      risk: 'Everybody who reaches its DNS sees which services exist',
    },
  ],
  references: ['https://developer.hashicorp.com/consul/docs/secure/acl/token/dns'],
  since: '0.1.0',
  examples: [
    { name: 'ACLs deny, a healthy instance, no such name', given: base, then: 'present' },
    { name: 'no ACLs', given: { ...base, 'cluster.consul.settings': settings(false) }, then: 'absent' },
    {
      name: 'the client resolves it',
      given: {
        ...base,
        'path.lookups.node': [{ name: 'orders.service.consul', outcome: 'found', addresses: ['10.0.0.1'] }],
      },
      then: 'absent',
    },
    { name: 'every name resolves', given: { ...base, 'path.names.resolve': 'all' }, then: 'absent' },
  ],
})
