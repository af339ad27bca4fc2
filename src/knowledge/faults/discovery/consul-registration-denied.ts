import type { Facts, Member } from '../../facts.ts'
import { fault } from '../../fault.ts'
import { refusedSync } from '../../registration.ts'

const node = { about: 'node:c1', id: 'node:n1' }
const missing: Facts['group.consul.unregistered'] = [{ service: 'orders', alloc: 'a1', node: 'n1', nodeName: 'c1' }]
const said = (reason: string): readonly Member<string>[] => [
  { ...node, value: `[WARN] consul.sync: failed to update services in Consul: error="${reason}"` },
]

export const consulRegistrationDenied = fault({
  id: 'consul-registration-denied',
  about: 'group',
  title: 'Consul refuses to register the services of the group',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'failed to update services in Consul: error="Unexpected response code: 403 (Permission denied)"',
    'still unable to update services in Consul',
    "Permission denied: token with AccessorID '<id>' lacks permission 'service:write' on \"<service>\"",
    'Service checks not registered',
    'agent: Check registration blocked by ACLs: check=<id> accessorID=<id>',
    'agent: Service registration blocked by ACLs: service=<id> accessorID=<id>',
    `Permission denied: anonymous token lacks permission 'service:write' on "<service>"`,
  ],
  onlyWhen: { 'group.consul.registered': ['missing'] },
  needs: ['group.consul.unregistered', 'every.node.agent-log'],
  holds: ({ 'group.consul.unregistered': unregistered, 'every.node.agent-log': logs }) => {
    const found = refusedSync(unregistered, logs, /Permission denied|lacks permission/i)
    return found
      ? `${found.service} is not in Consul, although its allocation runs on client ${found.nodeName}: Consul refuses the registration (Permission denied)`
      : false
  },
  byHand:
    'The log of the client says "failed to update services in Consul" with "Permission denied"; nomad job status shows nothing.',
  explains: ['consul-check-name-missing-deploy', 'template-empty-range-starts', 'connect-upstream-missing'],
  because:
    'Services are registered in Consul beside the task, not before it: the job is accepted, the task runs, and only the log of the client tells when Consul refuses. It needs service:write for the name, from the token of the client or from the identity of the service. Callers meanwhile find an empty list.',
  fix: ({ 'group.consul.unregistered': [first] }) => [
    {
      do: `Allow service:write for ${first?.service ?? 'the service'} to the token that registers it (nomad setup consul makes the auth method for identities)`,
      on: 'Consul',
      risk: 'none',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/secure/acl/consul',
    'https://github.com/hashicorp/nomad/issues/23251',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'refused',
      given: {
        'group.consul.registered': 'missing',
        'group.consul.unregistered': missing,
        'every.node.agent-log': said('Unexpected response code: 403 (Permission denied)'),
      },
      then: 'present',
    },
    {
      name: 'Consul does not answer',
      given: {
        'group.consul.registered': 'missing',
        'group.consul.unregistered': missing,
        'every.node.agent-log': said('dial tcp 127.0.0.1:8500: connect: connection refused'),
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
