import { fault } from '../../fault.ts'
import { quoted } from '../../quoted.ts'

const login = /pre-run hook "consul" failed|failed to derive Consul token/

export const consulWiLoginFailed = fault({
  id: 'consul-wi-login-failed',
  about: 'alloc',
  title: "Consul refuses the login of the allocation's workload identity",
  layer: 'name',
  severity: 'breaks',
  heard: [
    'failed to setup alloc: pre-run hook "consul" failed: 1 error occurred: * failed to derive Consul token for task <task>: Unexpected response code: 403 (rpc error making call: Permission denied)',
    'failed to derive Consul token for service <service>: Unexpected response code: 500',
  ],
  needs: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed }) =>
    failed !== null && login.test(failed)
      ? `The allocation does not start, because Consul refuses its login: ${quoted(failed.replace(/^.*?(failed to derive)/s, '$1'), 200)}`
      : false,
  byHand: 'nomad alloc status <alloc>: Setup Failure with "failed to derive Consul token".',
  explains: [],
  because:
    'Since 1.7 Nomad logs in to Consul with a signed identity of the task or service and gets a token for it. That needs three things in Consul: the auth method nomad-workloads with the right audience, binding rules that fit, and a way for its servers to fetch the public keys of Nomad (/.well-known/jwks.json). If one is missing the login fails, and the allocation with it.',
  fix: () => [
    {
      do: 'Make auth method, binding rules and roles anew',
      on: 'Consul',
      run: ['nomad', 'setup', 'consul'],
      risk: 'Changes the ACL system of Consul: it shows what it does and asks first',
    },
    {
      do: 'From a Consul server, look whether the keys of Nomad can be fetched (mutual TLS is in the way unless verify_https_client is off or a proxy serves them)',
      on: 'Consul server',
      run: ['curl', '-sS', 'http://<nomad>:4646/.well-known/jwks.json'],
      risk: 'none',
    },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/secure/acl/consul', 'client/allocrunner/consul_hook.go'],
  versions: { nomad: '>= 1.7.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'the login is refused',
      given: {
        'alloc.setup-failure':
          'failed to setup alloc: pre-run hook "consul" failed: 1 error occurred:\n\t* failed to derive Consul token for task server: Unexpected response code: 403 (rpc error making call: Permission denied)',
      },
      then: 'present',
    },
    {
      name: 'another hook failed',
      given: { 'alloc.setup-failure': 'failed to setup alloc: pre-run hook "network" failed: no such plugin' },
      then: 'absent',
    },
    { name: 'set up', given: { 'alloc.setup-failure': null }, then: 'absent' },
  ],
})
