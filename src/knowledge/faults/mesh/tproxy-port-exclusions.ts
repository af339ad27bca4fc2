import { edits, reword, set } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { numeric, withSidecar } from '../../mesh.ts'
import type { At } from '../../place.ts'
import { group, redirected } from '../../samples.ts'
import type { GroupSpec, PortSpec } from '../../shapes/job.ts'

interface Wrong {
  readonly says: string
  readonly label: string
  readonly refused: boolean
  readonly at: At
}

/** Source: nomad/structs/connect.go (labels of static ports only), client/allocrunner/networking_cni.go (`to` is excluded). */
function wrong(spec: GroupSpec): Wrong | undefined {
  const ports = spec.network?.ports ?? []
  for (const { connect } of withSidecar(spec)) {
    if (!connect?.sidecar?.transparentProxy) continue
    const excluded = connect.sidecar.redirect?.excludeInboundPorts ?? []
    const label = excluded.find(
      (one) => !numeric(one) && !ports.some((port) => port.label === one && port.static !== undefined),
    )
    if (label !== undefined)
      return {
        says: `exclude_inbound_ports of group ${spec.name} names ${label}, which is no number and no label of a static port, so the servers refuse the job`,
        label,
        refused: true,
        at: [connect.sidecar.redirect ?? connect.sidecar, 'exclude_inbound_ports'],
      }
    const bare = ports.find(
      (port) => port.static !== undefined && port.to === undefined && !excluded.includes(String(port.static)),
    )
    if (bare)
      return {
        says: `Port ${bare.label} of group ${spec.name} is static ${bare.static ?? 0} without to, so the transparent proxy does not leave it alone: callers of that port end in the sidecar`,
        label: bare.label,
        refused: false,
        at: bare,
      }
  }
  return undefined
}

const withPort = (port: Partial<PortSpec>, excludeInboundPorts: readonly string[] = []) =>
  group({
    network: { mode: 'bridge', ports: [{ label: 'metrics', hostNetwork: 'default', ...port }] },
    services: [redirected({ excludeInboundPorts })],
  })

export const tproxyPortExclusions = fault({
  id: 'tproxy-port-exclusions',
  about: 'group',
  title: 'A port that is to stay outside the transparent proxy is not excluded',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'Consul Connect transparent proxy port "<label>" must be numeric or one of network.port labels',
    'curl: (56) Recv failure: Connection reset by peer',
  ],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return found ? { says: found.says, severity: found.refused ? 'breaks' : 'degrades', at: found.at } : false
  },
  byHand:
    'nsenter into the namespace and iptables -t nat -S CONSUL_PROXY_INBOUND: the port has no RETURN rule of its own.',
  explains: [],
  because:
    'A transparent proxy sends every connection that comes into the namespace to its sidecar, which wants a certificate of the mesh. Ports to be called from outside must be excluded: by number, or by the label of a static port. Static ports are excluded by themselves, but under their to: when to is left out the number that is excluded is 0, and the port still ends in the sidecar.',
  fix: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    const port = spec.network?.ports.find(({ label }) => label === found?.label)
    const number = port?.to ?? port?.static
    const redirect = withSidecar(spec).find(({ connect }) => connect?.sidecar?.redirect)?.connect?.sidecar?.redirect
    return [
      found?.refused
        ? {
            do: `Write the number inside instead of "${found.label}"${number === undefined ? '' : `: exclude_inbound_ports = ["${number}"]`}`,
            on: 'job file',
            risk: 'none: the job was not accepted before',
            ...edits(
              found && redirect && number !== undefined
                ? [reword(redirect, 'exclude_inbound_ports', found.label, String(number))]
                : undefined,
              'the number of the port is not in the job',
            ),
          }
        : {
            do: `Write to = ${number ?? 0} into port ${found?.label ?? ''}`,
            on: 'job file',
            risk: 'The allocation is replaced',
            ...edits(
              port && number !== undefined ? [set(port, 'to', number)] : undefined,
              'the number of the port is not in the job',
              true,
            ),
          },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/transparent_proxy',
    'client/allocrunner/networking_cni.go',
  ],
  versions: { nomad: '>= 1.8.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'the label of a dynamic port',
      given: { 'group.spec': withPort({ to: 9464 }, ['metrics']) },
      then: 'present',
    },
    { name: 'a static port without to', given: { 'group.spec': withPort({ static: 9465 }) }, then: 'present' },
    {
      name: 'a static port with to',
      given: { 'group.spec': withPort({ static: 9465, to: 9465 }, ['metrics']) },
      then: 'absent',
    },
    { name: 'excluded by number', given: { 'group.spec': withPort({ static: 9465 }, ['9465']) }, then: 'absent' },
  ],
})
