import { fault } from '../../fault.ts'
import { quoted } from '../../quoted.ts'

const told = {
  task: 'connect-proxy-orders',
  text: 'Failed to pull `docker.io/envoyproxy/envoy:v1.33.0`: API error (500): Get "https://registry-1.docker.io/v2/": x509: certificate signed by unknown authority',
}

export const connectEnvoyImagePull = fault({
  id: 'connect-envoy-image-pull',
  about: 'alloc',
  title: 'The image of the sidecar cannot be pulled',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'Failed to pull `docker.io/envoyproxy/envoy:v<version>`',
    'Failed to pull `envoyproxy/envoy:v<version>`',
    'pull access denied for envoyproxy/envoy, repository does not exist or may require docker login',
  ],
  onlyWhen: { 'alloc.sidecar': ['no-image'] },
  needs: ['alloc.sidecar-trouble'],
  holds: ({ 'alloc.sidecar-trouble': trouble }) =>
    trouble === null ? false : `Sidecar task ${trouble.task} does not start: ${quoted(trouble.text, 200)}`,
  byHand:
    'nomad alloc status <alloc>: Driver Failure of task connect-proxy-<service>; docker pull on the client says the same.',
  explains: ['connect-destination-unhealthy'],
  because:
    'Nomad adds the task of the sidecar itself, and has docker pull Envoy from Docker Hub in a version that Consul supports. Where clients cannot reach Docker Hub, or want a login, that fails, though the images of the application come from a registry that works. The allocation then never becomes whole, and the mesh does not send anybody to it.',
  fix: () => [
    {
      do: 'Mirror Envoy in your registry and name it in the client: meta { "connect.sidecar_image" = "<registry>/envoy:v${NOMAD_envoy_version}" } (connect.gateway_image for gateways)',
      on: 'client configuration',
      risk: 'The agent must be restarted; running allocations go on',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/sidecar_task',
    'https://github.com/hashicorp/nomad/issues/9991',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a certificate nobody knows',
      given: { 'alloc.sidecar': 'no-image', 'alloc.sidecar-trouble': told },
      then: 'present',
    },
    { name: 'the sidecar runs', given: { 'alloc.sidecar': 'up', 'alloc.sidecar-trouble': null }, then: 'absent' },
  ],
})
