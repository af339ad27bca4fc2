import type { Member } from '../../facts.ts'
import { fault } from '../../fault.ts'
import { grave, tell } from '../../placement.ts'

const denied =
  /(consul self endpoint|fingerprint(ing)? consul|\/v1\/agent\/self).*(\b403\b|Permission denied|lacks permission)/i

/** Clients without consul.* attributes whose log says that the token was refused. */
function refused(fingerprinted: readonly Member<boolean>[], logs: readonly Member<string>[]) {
  const without = fingerprinted.filter(({ value }) => !value).map(({ id }) => id)
  return logs
    .filter(({ id }) => without.includes(id))
    .flatMap(({ about, value }) => {
      const line = value.split('\n').findLast((one) => denied.test(one))
      return line === undefined ? [] : [{ node: about.replace(/^node:/, ''), line }]
    })
}

const node = { about: 'node:c1', id: 'node:n1' }
const line =
  '[ERROR] client.fingerprint_mgr.consul: failed to acquire consul self endpoint: error="Unexpected response code: 403 (Permission denied: token with AccessorID \'…\' lacks permission \'agent:read\' on \\"c1\\")"'
const base = {
  'group.placement': 'not-placed',
  'group.missing.consul': true,
  'every.node.consul.fingerprinted': [{ ...node, value: false }],
} as const

export const consulAgentAclNoAgentRead = fault({
  id: 'consul-agent-acl-no-agent-read',
  about: 'group',
  title: "Nomad's token may not read the Consul agent of the client",
  layer: 'node',
  severity: 'breaks',
  heard: [
    "Permission denied: token with AccessorID '<id>' lacks permission 'agent:read' on \"<node>\"",
    'failed to acquire consul self endpoint: error="Unexpected response code: 403',
  ],
  onlyWhen: { 'group.placement': ['not-placed', 'partly'], 'group.missing.consul': [true] },
  needs: ['every.node.consul.fingerprinted', 'every.node.agent-log', 'group.placement'],
  shows: ['every.node.agent-log', 'every.node.consul.fingerprinted'],
  holds: ({
    'every.node.consul.fingerprinted': fingerprinted,
    'every.node.agent-log': logs,
    'group.placement': placement,
  }) => {
    const found = refused(fingerprinted, logs)
    return found.length === 0
      ? false
      : {
          says: `${tell(
            found.map((one) => one.node),
            'has',
            'have',
          )} no consul.* attributes, because Consul refuses the token of Nomad there (agent:read)`,
          severity: grave(placement),
        }
  },
  byHand:
    'On the client: curl -H "X-Consul-Token: <token of the consul block>" http://127.0.0.1:8500/v1/agent/self answers 403.',
  explains: ['consul-agent-not-fingerprinted', 'implicit-consul-provider'],
  because:
    "To learn that there is a Consul agent, and which one, a client reads the agent's own description. With ACLs on, its token needs agent:read for that. Without it the client knows of no Consul, has no consul.* attributes, and is left out for every group whose service goes to Consul.",
  fix: () => [
    {
      do: 'Give the token of the clients agent_prefix "" read, node_prefix "" write and service_prefix "" write, then restart the Nomad agent',
      on: 'Consul',
      risk: 'Running allocations go on',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/secure/acl/consul',
    'https://github.com/hashicorp/nomad/issues/23251',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the log of the client says so',
      given: { ...base, 'every.node.agent-log': [{ ...node, value: line }] },
      then: 'present',
    },
    {
      name: 'the agent does not answer at all',
      given: {
        ...base,
        'every.node.agent-log': [
          {
            ...node,
            value: 'failed to acquire consul self endpoint: dial tcp 127.0.0.1:8500: connect: connection refused',
          },
        ],
      },
      then: 'absent',
    },
    {
      name: 'placed',
      given: { ...base, 'group.placement': 'placed', 'every.node.agent-log': [{ ...node, value: line }] },
      then: 'absent',
    },
    {
      name: 'Consul is not what is missing',
      given: { ...base, 'group.missing.consul': false, 'every.node.agent-log': [{ ...node, value: line }] },
      then: 'absent',
    },
  ],
})
