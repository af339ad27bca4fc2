import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import { record } from '../../samples.ts'

const missing = /executable file not found in \$PATH/
const told = (text: string) => ({ task: 'connect-proxy-orders', text })

export const connectConsulBinaryMissing = fault({
  id: 'connect-consul-binary-missing',
  about: 'alloc',
  title: 'The client has no consul program, which it needs to configure a sidecar',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'envoy_bootstrap: error creating bootstrap configuration for Connect proxy sidecar: exec: "consul": executable file not found in $PATH',
  ],
  onlyWhen: { 'alloc.sidecar': ['no-bootstrap'] },
  needs: ['alloc.sidecar-trouble', 'alloc.record'],
  shows: ['alloc.sidecar-trouble'],
  holds: ({ 'alloc.sidecar-trouble': trouble }) =>
    trouble && missing.test(trouble.text)
      ? `Sidecar task ${trouble.task} does not start: its client finds no program consul in the PATH of the Nomad agent`
      : false,
  byHand:
    'On the client: look for consul in the PATH of the agent (systemctl show nomad -p Environment), not in your own.',
  explains: ['connect-envoy-bootstrap-failed', 'connect-destination-unhealthy'],
  because:
    'Before Envoy starts, the Nomad client runs "consul connect envoy -bootstrap" to have its first configuration written. It needs the consul program for that, in the PATH of the agent itself, also where the Consul agent runs in a container or as another user. Without it the sidecar never starts, and Nomad does not try again.',
  fix: ({ 'alloc.record': record }) => [
    {
      do: 'Install the consul program on the client, where the PATH of the Nomad agent finds it, in the version of the Consul agent',
      on: 'client',
      risk: 'none',
    },
    {
      do: 'Then restart the allocation',
      on: 'Nomad',
      run: allocCommand('restart', record),
      risk: 'The allocation is away for a moment',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/consul/service-mesh',
    'client/allocrunner/taskrunner/envoy_bootstrap_hook.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'no consul in the PATH',
      given: {
        'alloc.record': record('a1'),
        'alloc.sidecar': 'no-bootstrap',
        'alloc.sidecar-trouble': told(
          'envoy_bootstrap: error creating bootstrap configuration for Connect proxy sidecar: exec: "consul": executable file not found in $PATH',
        ),
      },
      then: 'present',
    },
    {
      name: 'consul was run and failed',
      given: {
        'alloc.record': record('a1'),
        'alloc.sidecar': 'no-bootstrap',
        'alloc.sidecar-trouble': told(
          'envoy_bootstrap: error creating bootstrap configuration for Connect proxy sidecar: exit status 1',
        ),
      },
      then: 'absent',
    },
    {
      name: 'the sidecar runs',
      given: { 'alloc.record': record('a1'), 'alloc.sidecar': 'up', 'alloc.sidecar-trouble': null },
      then: 'absent',
    },
  ],
})
