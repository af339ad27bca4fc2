import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import { record } from '../../samples.ts'
import { quoted } from '../../quoted.ts'

const told = (text: string) => ({ task: 'connect-proxy-orders', text })

export const connectEnvoyBootstrapFailed = fault({
  id: 'connect-envoy-bootstrap-failed',
  about: 'alloc',
  title: 'Consul gave no first configuration for the sidecar',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'envoy_bootstrap: error creating bootstrap configuration for Connect proxy sidecar: exit status 1; see: <https://developer.hashicorp.com/nomad/s/envoy-bootstrap-error>',
    'failed fetch proxy config from local agent: Unexpected response code: 404 (unknown service ID: <id>)',
    'error creating bootstrap configuration for Connect proxy sidecar: alloc_id=<alloc> error="exit status 1" stderr="<error>"',
  ],
  onlyWhen: { 'alloc.sidecar': ['no-bootstrap'] },
  needs: ['alloc.sidecar-trouble', 'alloc.record'],
  shows: ['alloc.sidecar-trouble'],
  holds: ({ 'alloc.sidecar-trouble': trouble }) =>
    trouble === null ? false : `Sidecar task ${trouble.task} does not start: ${quoted(trouble.text, 200)}`,
  byHand:
    'nomad alloc fs <alloc> alloc/logs/envoy_bootstrap.stderr.0 has what Consul said. Unknown service ID: the service is not registered at this agent; 403: the token; connection refused: no Consul agent.',
  explains: ['connect-destination-unhealthy'],
  because:
    'Before Envoy starts, the client asks the Consul agent beside it which configuration belongs to this sidecar. Consul knows that only when the service is registered at this very agent, when the token may read it, and when it can say which versions of Envoy it drives. Otherwise the command fails, is tried again for a while, and the sidecar fails.',
  fix: ({ 'alloc.record': record }) => [
    {
      do: 'Read what Consul said',
      on: 'Nomad',
      run: allocCommand('fs', record, [], 'alloc/logs/envoy_bootstrap.stderr.0'),
      risk: 'none',
    },
    {
      do: 'Remove that: register the service (does another client share this Consul agent?), give its token service:write, or start the Consul agent',
      on: 'Consul',
      risk: 'none',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/s/envoy-bootstrap-error',
    'https://github.com/hashicorp/nomad/issues/20516',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the command failed',
      given: {
        'alloc.record': record('a1'),
        'alloc.sidecar': 'no-bootstrap',
        'alloc.sidecar-trouble': told(
          'envoy_bootstrap: error creating bootstrap configuration for Connect proxy sidecar: exit status 1',
        ),
      },
      then: 'present',
    },
    {
      name: 'the sidecar runs',
      given: { 'alloc.record': record('a1'), 'alloc.sidecar': 'up', 'alloc.sidecar-trouble': null },
      then: 'absent',
    },
    {
      name: 'its image is missing',
      given: {
        'alloc.record': record('a1'),
        'alloc.sidecar': 'no-image',
        'alloc.sidecar-trouble': told('Failed to pull `envoyproxy/envoy:v1.33.0`'),
      },
      then: 'absent',
    },
    {
      name: 'nothing was said yet',
      given: { 'alloc.record': record('a1'), 'alloc.sidecar': 'no-bootstrap', 'alloc.sidecar-trouble': null },
      then: 'absent',
    },
  ],
})
