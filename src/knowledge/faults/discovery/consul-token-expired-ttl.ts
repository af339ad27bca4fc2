import type { Facts, Member } from '../../facts.ts'
import { fault } from '../../fault.ts'
import { refusedSync } from '../../registration.ts'

const node = { about: 'node:c1', id: 'node:n1' }
const missing: Facts['group.consul.unregistered'] = [{ service: 'orders', alloc: 'a1', node: 'n1', nodeName: 'c1' }]
const said = (reason: string): readonly Member<string>[] => [
  { ...node, value: `[WARN] consul.sync: failed to update services in Consul: error="${reason}"` },
]

export const consulTokenExpiredTtl = fault({
  id: 'consul-token-expired-ttl',
  about: 'group',
  title: 'The Consul token with which services are registered has expired',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'failed to update services in Consul: error="Unexpected response code: 403 (ACL not found)"',
    'ACL not found',
  ],
  onlyWhen: { 'group.consul.registered': ['missing'] },
  needs: ['group.consul.unregistered', 'every.node.agent-log'],
  holds: ({ 'group.consul.unregistered': unregistered, 'every.node.agent-log': logs }) => {
    const found = refusedSync(unregistered, logs, /ACL not found/i)
    return found
      ? `${found.service} is not in Consul, although its allocation runs on client ${found.nodeName}: the token that registers it does not exist any more (ACL not found)`
      : false
  },
  byHand:
    'consul acl auth-method read -name nomad-workloads: MaxTokenTTL is set; the log of the client says "ACL not found".',
  explains: ['consul-check-name-missing-deploy', 'template-empty-range-starts', 'connect-upstream-missing'],
  because:
    'Nomad logs in to Consul once for an allocation and keeps the token for as long as it lives. An auth method with MaxTokenTTL lets that token expire: from then on nothing of the allocation is registered or deregistered. Before 1.9.1 one dead token held up all other services of the client as well.',
  fix: () => [
    {
      do: 'Take MaxTokenTTL out of the auth method nomad-workloads, then restart the allocations concerned',
      on: 'Consul',
      risk: 'The allocations are away for a moment',
    },
    { do: 'Upgrade clients older than 1.9.1', on: 'clients', risk: 'Running allocations go on' },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/secure/acl/consul',
    'https://github.com/hashicorp/nomad/issues/20185',
  ],
  versions: { nomad: '>= 1.7.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'the token is gone',
      given: {
        'group.consul.registered': 'missing',
        'group.consul.unregistered': missing,
        'every.node.agent-log': said('Unexpected response code: 403 (ACL not found)'),
      },
      then: 'present',
    },
    {
      name: 'a token without the right',
      given: {
        'group.consul.registered': 'missing',
        'group.consul.unregistered': missing,
        'every.node.agent-log': said('Unexpected response code: 403 (Permission denied)'),
      },
      then: 'absent',
    },
    {
      name: 'all are registered',
      given: { 'group.consul.registered': 'all', 'group.consul.unregistered': [], 'every.node.agent-log': [] },
      then: 'absent',
    },
  ],
})
