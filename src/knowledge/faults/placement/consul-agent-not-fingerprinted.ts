import { fault } from '../../fault.ts'
import type { Member } from '../../facts.ts'
import { grave, names, reasons, tell } from '../../placement.ts'
import { failure } from './examples.ts'

const lacking = (nodes: readonly Member<boolean>[]) =>
  nodes.filter(({ value }) => !value).map(({ about }) => about.replace(/^node:/, ''))
const without = (nodes: readonly Member<boolean>[]) => names(lacking(nodes))

export const consulAgentNotFingerprinted = fault({
  id: 'consul-agent-not-fingerprinted',
  about: 'group',
  title: 'The cluster has Consul, but clients did not find their Consul agent',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Constraint "${attr.consul.version} semver >= 1.8.0": <n> nodes excluded by filter',
    'failed to acquire consul self endpoint',
    'consul agent is unavailable',
    'unable to fingerprint consul',
    'Get "https://<address>:8500/v1/agent/self": http: server gave HTTP response to HTTPS client',
    'dial tcp 127.0.0.1:8500: connect: connection refused',
  ],
  onlyWhen: {
    'group.placement': ['not-placed', 'partly'],
    'group.missing.consul': [true],
  },
  needs: ['group.refusals', 'cluster.consul.present', 'every.node.consul.fingerprinted', 'group.placement'],
  shows: ['group.refusals', 'cluster.consul.present', 'every.node.consul.fingerprinted'],
  holds: ({
    'group.refusals': refusals,
    'cluster.consul.present': present,
    'every.node.consul.fingerprinted': nodes,
    'group.placement': placement,
  }) => {
    const [told] = reasons(refusals, 'constraints', /^\$\{attr\.consul\.version\} /)
    if (!present || !told || nodes.every(({ value }) => value)) return false
    return {
      says: `${tell(lacking(nodes), 'has', 'have')} no consul.* attributes and cannot be used for a group whose service goes to Consul`,
      severity: grave(placement),
    }
  },
  byHand:
    'On the client: curl http://127.0.0.1:8500/v1/agent/self (or the address in its consul block). Refused: no agent there; 403: the token lacks agent:read; 200: restart the Nomad agent.',
  explains: ['computed-class-ineligible'],
  because:
    'A client asks the Consul agent beside it (127.0.0.1:8500 unless its consul block says otherwise) who it is, and reports the answer as consul.* attributes. A service that goes to Consul brings a constraint on consul.version. If the Consul agent does not run, listens elsewhere, wants TLS or a better token, the attributes are missing and the client is left out, although Consul itself is healthy.',
  fix: ({ 'every.node.consul.fingerprinted': nodes }) => [
    {
      do: 'Start the Consul agent on the client, and have it start at boot',
      on: `client ${without(nodes)}`,
      run: ['systemctl', 'enable', '--now', 'consul'],
      risk: 'none',
    },
    {
      do: 'If it runs: correct address, scheme or token in the consul block of the client and restart the Nomad agent (agents of version 1.9.6 look only once, at start)',
      on: 'client configuration',
      risk: 'Running allocations go on',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/consul',
    'https://developer.hashicorp.com/nomad/docs/configuration/consul',
    'client/fingerprint/consul.go',
  ],
  versions: { nomad: '>= 1.3.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'no client found its agent',
      given: {
        'group.placement': 'not-placed',
        'group.missing.consul': true,
        'cluster.consul.present': true,
        'group.refusals': failure({ constraintFiltered: { '${attr.consul.version} semver >= 1.8.0': 2 } }),
        'every.node.consul.fingerprinted': [
          { about: 'node:c1', id: 'node:1', value: false },
          { about: 'node:c2', id: 'node:2', value: false },
        ],
      },
      then: 'present',
    },
    {
      name: 'the agents are known but too old',
      given: {
        'group.placement': 'not-placed',
        'group.missing.consul': true,
        'cluster.consul.present': true,
        'group.refusals': failure({ constraintFiltered: { '${attr.consul.version} semver >= 1.8.0': 1 } }),
        'every.node.consul.fingerprinted': [{ about: 'node:c1', id: 'node:1', value: true }],
      },
      then: 'absent',
    },
    {
      name: 'there is no Consul at all',
      given: {
        'group.placement': 'not-placed',
        'group.missing.consul': true,
        'cluster.consul.present': false,
        'group.refusals': failure({ constraintFiltered: { '${attr.consul.version} semver >= 1.8.0': 1 } }),
        'every.node.consul.fingerprinted': [{ about: 'node:c1', id: 'node:1', value: false }],
      },
      then: 'absent',
    },
    {
      name: 'placed on a client that has it',
      given: {
        'group.placement': 'placed',
        'group.missing.consul': false,
        'cluster.consul.present': true,
        'group.refusals': null,
        'every.node.consul.fingerprinted': [{ about: 'node:c1', id: 'node:1', value: false }],
      },
      then: 'absent',
    },
  ],
})
