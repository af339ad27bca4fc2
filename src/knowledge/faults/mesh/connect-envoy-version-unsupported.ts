import { fault } from '../../fault.ts'
import { group, meshed, task } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { ConsulSettings } from '../../shapes/runtime.ts'

/** `1.20` of `envoyproxy/envoy:v1.20.1`. */
const minor = (version: string): string | undefined => /^v?(\d+\.\d+)\.\d+/.exec(version)?.[1]

/** A pinned image whose version this Consul cannot drive: it supports whole minor series. */
function unsupported({ tasks }: GroupSpec, supported: readonly string[]) {
  const series = supported.flatMap((version) => minor(version) ?? [])
  for (const { name, config } of tasks) {
    const image = config['image']
    if (!/^connect-(proxy|ingress|terminating|mesh)-/.test(name) || typeof image !== 'string') continue
    const [, tag = ''] = /envoy[^/]*:(v?\d[\w.]*)/.exec(image) ?? []
    const own = minor(tag)
    if (own !== undefined && series.length > 0 && !series.includes(own)) return { task: name, tag, series }
  }
  return undefined
}

const settings = (...envoy: string[]): ConsulSettings => ({
  version: '1.20.0',
  datacenter: 'dc1',
  acls: false,
  defaultPolicy: 'allow',
  grpcPort: 8502,
  grpcTlsPort: -1,
  dnsPort: 8600,
  recursors: [],
  envoy,
})
const pinned = (tag: string) =>
  group({
    services: [meshed()],
    tasks: [task(), task({ name: 'connect-proxy-orders', config: { image: `envoyproxy/envoy:${tag}` } })],
  })

export const connectEnvoyVersionUnsupported = fault({
  id: 'connect-envoy-version-unsupported',
  about: 'group',
  title: 'The job pins a version of Envoy that this Consul does not support',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'Envoy <version> is too old and is not supported by Consul',
    'gRPC config stream closed: 3, Envoy <version> is too old and is not supported by Consul',
    'Consul did not report any supported envoy versions',
    'error retrieving supported Envoy versions from Consul: <error>',
  ],
  onlyWhen: { 'group.envoy-image': ['pinned'] },
  needs: ['group.spec', 'cluster.consul.settings'],
  holds: ({ 'group.spec': spec, 'cluster.consul.settings': { version, envoy } }) => {
    const found = unsupported(spec, envoy)
    return found
      ? `Sidecar task ${found.task} pins Envoy ${found.tag}; Consul ${version} supports ${found.series.join(', ')}`
      : false
  },
  byHand: 'curl http://127.0.0.1:8500/v1/agent/self: xDS.SupportedProxies.envoy; compare with the tag of the image.',
  explains: ['connect-destination-unhealthy'],
  because:
    'Consul writes the configuration of Envoy, and each version of Consul knows four minor versions of it. Nomad asks for the list and takes the newest, unless the job or the client pins an image. A pinned image ages while Consul is upgraded, until Consul refuses to configure it: the sidecar then runs without a single listener.',
  fix: () => [
    {
      do: 'Take the tag out, or write ${NOMAD_envoy_version} in its place: envoyproxy/envoy:v${NOMAD_envoy_version}',
      on: 'job file',
      risk: 'The allocation is replaced, with a newer Envoy',
    },
  ],
  references: [
    'https://developer.hashicorp.com/consul/docs/reference/proxy/envoy',
    'https://developer.hashicorp.com/nomad/docs/job-specification/sidecar_task',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'too old',
      given: {
        'group.envoy-image': 'pinned',
        'group.spec': pinned('v1.20.1'),
        'cluster.consul.settings': settings('1.34.1', '1.33.2', '1.32.4', '1.31.5'),
      },
      then: 'present',
    },
    {
      name: 'another patch of a version it knows',
      given: {
        'group.envoy-image': 'pinned',
        'group.spec': pinned('v1.33.0'),
        'cluster.consul.settings': settings('1.34.1', '1.33.2'),
      },
      then: 'absent',
    },
    {
      name: 'Nomad chooses',
      given: {
        'group.envoy-image': 'chosen',
        'group.spec': pinned('v${NOMAD_envoy_version}'),
        'cluster.consul.settings': settings('1.34.1'),
      },
      then: 'absent',
    },
  ],
})
