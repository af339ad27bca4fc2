import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'
import { quoted } from '../../quoted.ts'
import { placedAnew } from '../../nomad-command.ts'

const pull = /failed to create network for alloc: Failed to pull `([^`]+)`: (.*)$/s
const other = /failed to create network for alloc: (.*(?:no such image|pull|manifest|unauthorized).*)$/is

function told(failed: string | null): { readonly image: string; readonly why: string } | null {
  const [, image, why] = pull.exec(failed ?? '') ?? []
  if (image !== undefined && why !== undefined) return { image, why }
  const [, rest] = other.exec(failed ?? '') ?? []
  return rest === undefined ? null : { image: '', why: rest }
}

export const infraImageUnavailable = fault({
  id: 'infra-image-unavailable',
  about: 'alloc',
  title: 'The pause image that holds the network namespace cannot be pulled',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'failed to create network for alloc: Failed to pull `<image>`: <error>',
    'failed to create network for alloc: API error (500): Get <registry>',
    'Get "https://<registry>/v2/": http: server gave HTTP response to HTTPS client',
    'registry.k8s.io/pause-<arch>:3.3',
    'gcr.io/google_containers/pause-<arch>:3.1',
    'failed to create network for alloc: API error (404): No such image: <image>',
    'failed to create network for alloc: API error (404): pull access denied for <image>, repository does not exist or may require docker login',
  ],
  needs: ['alloc.setup-failure', 'alloc.record'],
  shows: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed }) => {
    const found = told(failed)
    return found
      ? `The client cannot get the pause image ${found.image}${found.image === '' ? '' : ' '}that keeps the group's network namespace: ${quoted(found.why, 140)}`
      : false
  },
  byHand:
    'On the client: docker image inspect <infra_image>, and docker pull <infra_image>; its default is registry.k8s.io/pause-<arch>:3.3.',
  explains: [],
  because:
    'For a group in bridge or CNI mode with a docker task, Nomad first starts a tiny container that does nothing but hold the network namespace. Its image is infra_image of the docker plugin, pulled when it is not there. Without the image no namespace is made and no task of the group starts; groups without docker are not affected, and running ones keep the pause container they have.',
  fix: ({ 'alloc.setup-failure': failed, 'alloc.record': alloc }) => {
    const image = told(failed)?.image ?? ''
    return [
      {
        do: `Get the image onto the client, from a registry it can reach or with docker load${image === '' ? '' : `: ${image}`}`,
        on: 'client',
        ...(image === '' ? {} : { run: ['docker', 'pull', image] }),
        risk: 'none',
      },
      {
        do: 'Keep it there: exclude it from image clean-up, or set infra_image in the docker plugin to an image of a registry that is always reachable, with a tag other than latest',
        on: 'client configuration',
        risk: 'The agent must be restarted; running allocations go on',
      },
      placedAnew(alloc),
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/docker',
    'client/allocrunner/network_hook.go',
    'https://github.com/hashicorp/nomad/issues/11014',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'no registry in reach',
      given: {
        'alloc.record': record('a1'),
        'alloc.setup-failure':
          'failed to setup alloc: pre-run hook "network" failed: failed to create network for alloc: Failed to pull `registry.k8s.io/pause-amd64:3.3`: Error response from daemon: dial tcp: lookup registry.k8s.io: connection refused',
      },
      then: 'present',
    },
    {
      name: 'older wording',
      given: {
        'alloc.record': record('a1'),
        'alloc.setup-failure':
          'failed to setup alloc: pre-run hook "network" failed: failed to create network for alloc: API error (404): no such image',
      },
      then: 'present',
    },
    {
      name: 'a plugin is missing',
      given: {
        'alloc.record': record('a1'),
        'alloc.setup-failure':
          'failed to setup alloc: pre-run hook "network" failed: failed to configure networking for alloc: failed to configure network: plugin type="bridge" failed (add): failed to find plugin "host-local" in path [/opt/cni/bin]',
      },
      then: 'absent',
    },
  ],
})
