import { edits, unset } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { withSidecar } from '../../mesh.ts'
import { group, meshed, redirected } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'

/** Source: client/allocrunner/networking_cni.go looks the inbound port up under its usual label only. */
const wrong = (spec: GroupSpec) =>
  withSidecar(spec).find(({ name, connect }) => {
    const { port = '', transparentProxy = false } = connect?.sidecar ?? {}
    return transparentProxy && port !== '' && port !== `connect-proxy-${name}`
  })

export const tproxyCustomSidecarPort = fault({
  id: 'tproxy-custom-sidecar-port',
  about: 'group',
  title: 'A sidecar with a transparent proxy has a port of its own, under which the redirect does not find it',
  layer: 'mesh',
  severity: 'breaks',
  heard: ['ProxyInboundPort is required to set up traffic redirection'],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return found
      ? {
          says: `sidecar_service of ${found.name} in group ${spec.name} has port = "${found.connect?.sidecar?.port ?? ''}" beside a transparent proxy, whose inbound port is looked up as connect-proxy-${found.name}`,
          at: [found.connect?.sidecar ?? found, 'port'],
        }
      : false
  },
  byHand:
    'nomad alloc status <alloc>: "Setup Failure" with "ProxyInboundPort is required to set up traffic redirection".',
  explains: [],
  because:
    'When the namespace is made, the client tells the consul-cni plug-in to which port incoming connections shall be sent. It takes the number from the port that Nomad adds for the sidecar, connect-proxy-<service>. With a port of its own the sidecar listens elsewhere and that port does not exist: the number is 0, and the plug-in refuses to set the namespace up.',
  fix: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return [
      {
        do: `Take port out of sidecar_service of ${found?.name ?? ''}: Nomad adds the right one`,
        on: 'job file',
        risk: 'The sidecar gets another host port',
        ...edits(
          found?.connect?.sidecar && [unset(found.connect.sidecar, 'port')],
          'the sidecar is not written out',
          true,
        ),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/sidecar_service#port',
    'client/allocrunner/networking_cni.go',
  ],
  versions: { nomad: '>= 1.8.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'a port of its own',
      given: { 'group.spec': group({ services: [redirected({}, { port: 'mesh' })] }) },
      then: 'present',
    },
    { name: 'the one of Nomad', given: { 'group.spec': group({ services: [redirected()] }) }, then: 'absent' },
    {
      name: 'a port of its own without redirection',
      given: { 'group.spec': group({ services: [meshed({}, { port: 'mesh' })] }) },
      then: 'absent',
    },
  ],
})
