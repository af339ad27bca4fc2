import { add, edits, inner, merge, set } from '../../edit.ts'
import type { Edit } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { group, service } from '../../samples.ts'
import type { GroupSpec, ServiceSpec } from '../../shapes/job.ts'

const fits = (mode: string): boolean => mode === 'bridge' || mode.startsWith('cni/')

/** A service with a sidecar whose group has no namespace of its own for it. Source: nomad/job_endpoint_hook_connect.go. */
function bare(spec: GroupSpec): { service: ServiceSpec; why: string } | undefined {
  const service = spec.services.find(({ connect }) => connect?.sidecar !== undefined)
  if (!service) return undefined
  if (spec.networkBlocks !== 1)
    return {
      service,
      why: spec.networkBlocks === 0 ? 'has no network block' : `has ${spec.networkBlocks} network blocks`,
    }
  const mode = spec.network?.mode || 'host'
  return fits(mode) ? undefined : { service, why: `uses network mode "${mode}"` }
}

const sidecar = service({
  name: 'orders',
  provider: 'consul',
  port: '8080',
  connect: { native: false, gateway: false, sidecar: { port: '', upstreams: [], transparentProxy: false } },
})

/** One network block in bridge mode. */
function bridged(spec: GroupSpec): readonly Edit[] {
  const { network, networkBlocks } = spec
  if (!network) return [add(spec, { type: 'network', attrs: [['mode', 'bridge']] }, 'task')]
  const more = Array.from({ length: networkBlocks - 1 }, (_, i) => merge(inner(spec, 'network', i + 1), network))
  return [...more, ...(fits(network.mode) ? [] : [set(network, 'mode', 'bridge')])]
}

export const connectNotBridge = fault({
  id: 'connect-not-bridge',
  aliases: ['connect-network-validation'],
  about: 'group',
  title: 'A group with a sidecar has no bridge network',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'connect sidecar: invalid network mode for Consul Connect: group "<group>" uses network mode "host"; must be "bridge" or "cni/*"',
    'connect sidecar: must have exactly one network for Consul Connect: group "<group>" has <n> networks',
    'Consul Connect sidecar requires bridge network, found "host" in group "<group>"',
    'Consul Connect sidecars require exactly 1 network, found 0 in group "<group>"',
  ],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = bare(spec)
    return found === undefined
      ? false
      : `Group ${spec.name} ${found.why}, but service ${found.service.name} has a sidecar: the servers refuse the job`
  },
  byHand:
    'nomad job plan <file> answers "invalid network mode for Consul Connect"; look at the network block of the group.',
  explains: [],
  because:
    'A sidecar speaks with its application over loopback and keeps everybody else out. That works only in a network namespace that the group has for itself: with host networking every process of the client would be on the same loopback. So the servers take a group with a sidecar only with exactly one network block of mode bridge, or since Nomad 1.11.0 cni/<name>.',
  fix: ({ 'group.spec': spec }) => [
    {
      do: `Give group ${spec.name} exactly one network block with mode = "bridge"`,
      on: 'job file',
      risk: 'Other ports of the group need to = <port> then, because they are no longer on the host directly',
      ...edits(bridged(spec), 'the network blocks contradict each other'),
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/connect',
    'https://developer.hashicorp.com/nomad/docs/networking/consul/service-mesh',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'host networking',
      given: { 'group.spec': group({ network: { mode: 'host', ports: [] }, services: [sidecar] }) },
      then: 'present',
    },
    {
      name: 'no network block',
      given: { 'group.spec': group({ network: { mode: '', ports: [] }, networkBlocks: 0, services: [sidecar] }) },
      then: 'present',
    },
    { name: 'bridge', given: { 'group.spec': group({ services: [sidecar] }) }, then: 'absent' },
    {
      name: 'a CNI network, which connect-cni-network-refused judges by the version of the servers',
      given: { 'group.spec': group({ network: { mode: 'cni/lan', ports: [] }, services: [sidecar] }) },
      then: 'absent',
    },
    {
      name: 'host networking without a sidecar',
      given: { 'group.spec': group({ network: { mode: 'host', ports: [] } }) },
      then: 'absent',
    },
  ],
})
