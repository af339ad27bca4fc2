import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import { record } from '../../samples.ts'
import { quoted } from '../../quoted.ts'

const denied = /ACL not found|Permission denied|\b403\b|lacks permission|No ACL token was provided/i
const trouble = {
  task: 'connect-proxy-orders',
  text: 'envoy_bootstrap: error creating bootstrap configuration for Connect proxy sidecar: exit status 1',
}

export const connectAclNoToken = fault({
  id: 'connect-acl-no-token',
  about: 'alloc',
  title: 'The sidecar has no token that Consul accepts',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'No ACL token was provided to Envoy',
    'failed fetch proxy config from local agent: Unexpected response code: 403 (ACL not found)',
    'gRPC config stream closed: 7, permission denied',
    'gRPC config stream closed: 16, unauthenticated: ACL not found',
  ],
  onlyWhen: { 'alloc.sidecar': ['no-bootstrap'] },
  needs: ['alloc.sidecar-trouble', 'alloc.envoy-bootstrap', 'alloc.record'],
  shows: ['alloc.envoy-bootstrap', 'alloc.sidecar-trouble'],
  holds: ({ 'alloc.sidecar-trouble': found, 'alloc.envoy-bootstrap': said }) => {
    const line = said.split('\n').findLast((one) => denied.test(one))
    return line !== undefined && found
      ? `Sidecar task ${found.task} does not start, because Consul refuses its token: ${quoted(line, 160)}`
      : false
  },
  byHand:
    'nomad alloc fs <alloc> alloc/logs/envoy_bootstrap.stderr.0 says 403, "ACL not found" or "Permission denied".',
  explains: ['connect-envoy-bootstrap-failed', 'connect-destination-unhealthy'],
  because:
    "With ACLs on, a sidecar needs a token with service:write for its service. Nomad gets it one from the identity of the service, which the servers add where their consul block has service_identity. Tokens that the servers made themselves are gone since 1.10. 1.11.3 stopped handing the client's token to Envoy; 2.0.4, 1.11.8 and 1.10.14 do so again where there is no identity. On versions in between, a group without one has no token at all.",
  fix: ({ 'alloc.record': record }) => [
    {
      do: 'Set service_identity in the consul block of the servers and make auth method and binding rules',
      on: 'Nomad servers and Consul',
      run: ['nomad', 'setup', 'consul'],
      risk: 'Changes the ACL system of Consul: it shows what it does and asks first',
    },
    {
      do: 'Then replace the allocation',
      on: 'Nomad',
      run: allocCommand('stop', record),
      risk: 'The allocation is replaced',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/secure/acl/consul',
    'https://github.com/hashicorp/nomad/issues/28106',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the token does not exist',
      given: {
        'alloc.record': record('a1'),
        'alloc.sidecar': 'no-bootstrap',
        'alloc.sidecar-trouble': trouble,
        'alloc.envoy-bootstrap':
          'failed fetch proxy config from local agent: Unexpected response code: 403 (ACL not found)',
      },
      then: 'present',
    },
    {
      name: 'the service is not registered',
      given: {
        'alloc.record': record('a1'),
        'alloc.sidecar': 'no-bootstrap',
        'alloc.sidecar-trouble': trouble,
        'alloc.envoy-bootstrap':
          'failed fetch proxy config from local agent: Unexpected response code: 404 (unknown service ID)',
      },
      then: 'absent',
    },
    {
      name: 'the sidecar runs',
      given: {
        'alloc.record': record('a1'),
        'alloc.sidecar': 'up',
        'alloc.sidecar-trouble': null,
        'alloc.envoy-bootstrap': '',
      },
      then: 'absent',
    },
  ],
})
