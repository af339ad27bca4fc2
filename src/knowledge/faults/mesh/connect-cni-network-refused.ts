import { edits, set } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { group, service } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'

/** A service of the mesh that Nomad itself gives an Envoy, in a group with a CNI network of the operator. */
const refused = ({ network, networkBlocks, services }: GroupSpec) =>
  networkBlocks === 1 && network?.mode.startsWith('cni/')
    ? services.find(({ connect }) => connect?.sidecar !== undefined || connect?.gateway === true)
    : undefined

const meshed = service({
  name: 'orders',
  provider: 'consul',
  port: '8080',
  connect: { native: false, gateway: false, sidecar: { port: '', upstreams: [], transparentProxy: false } },
})
const gateway = service({ name: 'edge', provider: 'consul', connect: { native: false, gateway: true } })
const on = (mode: string, ...services: GroupSpec['services']) =>
  group({ network: { mode, ports: [] }, networkBlocks: 1, services })

export const connectCniNetworkRefused = fault({
  id: 'connect-cni-network-refused',
  about: 'group',
  title: 'This version of the servers takes no CNI network for a group in the mesh',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'Consul Connect sidecar requires bridge network, found "cni/<network>" in group "<group>"',
    'Consul Connect Gateway service requires Task Group with network mode of type "bridge" or "host"',
  ],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = refused(spec)
    return found === undefined || !spec.network
      ? false
      : {
          says: `Group ${spec.name} uses network mode "${spec.network.mode}", and its service ${found.name} is in the mesh: servers before Nomad 1.11.0 refuse the job`,
          at: [spec.network, 'mode'],
        }
  },
  byHand:
    'nomad server members: a version before 1.11.0. nomad job plan <file> answers "Consul Connect sidecar requires bridge network".',
  explains: [],
  because:
    'A sidecar or gateway needs a network namespace whose addresses Nomad knows. Until Nomad 1.11.0 the servers took that for granted with mode bridge alone (for a gateway host, too) and refused every other mode. Since then they take cni/<name> as well, and whether its plugins suit the mesh is up to the operator.',
  fix: ({ 'group.spec': { name, network } }) => [
    {
      do: `Give group ${name} the network mode "bridge"`,
      on: 'job file',
      risk: 'It leaves the CNI network, and with it the addresses that others may know it by',
      ...edits(network && [set(network, 'mode', 'bridge')], 'the network mode is not written out'),
    },
    {
      do: 'Or upgrade the servers to Nomad 1.11.0 or newer, which take cni/<name> for the mesh',
      on: 'node',
      risk: 'Servers are upgraded one by one, and clients after them',
    },
  ],
  references: [
    'nomad/job_endpoint_hook_connect.go',
    'https://github.com/hashicorp/nomad/pull/26449',
    'https://developer.hashicorp.com/nomad/docs/job-specification/connect',
  ],
  versions: { nomad: '< 1.11.0', of: 'cluster.version' },
  since: '0.1.0',
  examples: [
    {
      name: 'a CNI network on older servers',
      given: { 'cluster.version': '1.10.5', 'group.spec': on('cni/lan', meshed) },
      then: 'present',
    },
    {
      name: 'a gateway in it',
      given: { 'cluster.version': '1.10.5+ent', 'group.spec': on('cni/lan', gateway) },
      then: 'present',
    },
    {
      name: 'servers that take it',
      given: { 'cluster.version': '1.11.0-beta.1', 'group.spec': on('cni/lan', meshed) },
      then: 'absent',
    },
    {
      name: 'nothing of the mesh in it',
      given: { 'cluster.version': '1.10.5', 'group.spec': on('cni/lan', service()) },
      then: 'absent',
    },
    { name: 'bridge', given: { 'cluster.version': '1.10.5', 'group.spec': on('bridge', meshed) }, then: 'absent' },
  ],
})
