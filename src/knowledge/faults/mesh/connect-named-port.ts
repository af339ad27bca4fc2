import { isLoopback } from '../../discovery.ts'
import { edits, set } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { group, record, service, task } from '../../samples.ts'
import type { Ask } from '../../shapes/discovery.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { Listener } from '../../shapes/packet.ts'
import type { AllocRecord } from '../../shapes/runtime.ts'
import { labelled, localOf, told } from '../../sidecar-port.ts'
import { bracketed } from '../../words.ts'

interface Known {
  readonly 'path.asks': readonly Ask[]
  readonly 'source.group.spec': GroupSpec
  readonly 'target.group.spec': GroupSpec
  readonly 'target.alloc.record': AllocRecord
  readonly 'target.alloc.netns.listeners': readonly Listener[]
}

/** A listener on that address, or on all of its family. */
function takes(listener: Pick<Listener, 'address'>, local: string): boolean {
  if (local === 'localhost') return takes(listener, '127.0.0.1') || takes(listener, '::1')
  return [local, '*', '::', ...(local.includes(':') ? [] : ['0.0.0.0'])].includes(listener.address)
}

/** The proxy of a labelled service dials 127.0.0.1:<host port>, where nobody listens inside. Source: consul agent/sidecar_service.go. */
function mislead(known: Known) {
  const { 'path.asks': asks, 'source.group.spec': source, 'target.group.spec': target } = known
  const { 'target.alloc.record': alloc, 'target.alloc.netns.listeners': listeners } = known
  const open = source.services.some(({ connect }) => connect?.sidecar?.transparentProxy)
  for (const own of target.services) {
    const { sidecar } = own.connect ?? {}
    const called = open || asks.some(({ via, name }) => via === 'upstream' && name === own.name)
    if (!sidecar || sidecar.localServicePort !== undefined || !called || !isLoopback(localOf(own))) continue
    if (own.port === '' || /^\d+$/.test(own.port) || !['', 'auto', 'host'].includes(own.addressMode)) continue
    const port = alloc.ports.find(({ label }) => label === own.port)
    const reached =
      port && listeners.some((one) => one.proto === 'tcp' && one.port === port.hostPort && takes(one, localOf(own)))
    if (port && !reached) return { own, port, inside: port.to > 0 ? port.to : port.hostPort }
  }
  return undefined
}

const listener = (port: number): Listener => ({ proto: 'tcp', address: '*', port, processes: [] })
const sidecar = (changed: Parameters<typeof service>[0] = {}) =>
  service({
    provider: 'consul',
    connect: { native: false, gateway: false, sidecar: { port: '', upstreams: [], transparentProxy: false } },
    ...changed,
  })
/** Its proxy looks for the application at this address. */
const looking = (localServiceAddress: string) =>
  sidecar({
    port: 'http',
    connect: {
      native: false,
      gateway: false,
      sidecar: { port: '', upstreams: [], transparentProxy: false, localServiceAddress },
    },
  })
const base = {
  'path.mesh': 'upstream',
  'source.task.spec': task(),
  'source.group.spec': group({ services: [] }),
  'path.asks': [{ via: 'upstream', name: 'orders', port: 9191, where: 'service web' }],
  'target.alloc.record': record('a1'),
  'target.alloc.netns.listeners': [listener(8080)],
} as const

export const connectNamedPort = fault({
  id: 'connect-named-port',
  about: 'path',
  title: 'The service has a port label, so its sidecar dials the host port inside the namespace',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'upstream connect error or disconnect/reset before headers. reset reason: connection failure',
    'upstream connect error or disconnect/reset before headers',
    'curl: (52) Empty reply from server',
    'dial tcp 127.0.0.1:<host port>: connect: connection refused',
    'local_app::127.0.0.1:<host port>::cx_connect_fail',
  ],
  onlyWhen: { 'path.mesh': ['upstream', 'transparent-proxy', 'native'] },
  needs: [
    'source.task.spec',
    'source.group.spec',
    'path.asks',
    'target.group.spec',
    'target.alloc.record',
    'target.alloc.netns.listeners',
  ],
  shows: ['target.group.spec', 'target.alloc.netns.listeners', 'target.alloc.record'],
  holds: (known) => {
    const found = mislead(known)
    return found === undefined
      ? false
      : `Service ${found.own.name} has port = "${found.own.port}", so its sidecar dials ${bracketed(localOf(found.own))}:${found.port.hostPort}; in its namespace nobody listens there (the port inside is ${found.inside})`
  },
  byHand:
    'On the client: curl http://127.0.0.1:8500/v1/agent/service/<id>-sidecar-proxy shows LocalServicePort; ss -lnt in the namespace shows nobody on that port.',
  explains: [],
  because:
    'With a label Nomad registers the service under its host port, and leaves the local port of the proxy to Consul, which takes the registered one. The sidecar then dials 127.0.0.1:<host port> inside the namespace, where the application listens on the container port. Calls end at the sidecar of the destination, though every check is green. With a number as port both are the same.',
  fix: (known) => {
    const found = mislead(known)
    const inside = found?.inside ?? 8080
    const to = found && found.port.to > 0 ? found.port.to : undefined
    return [
      ...(found ? [{ ...told(found.own, to), on: 'job file of the target' as const }] : []),
      {
        do: `Or write port = "${inside}" in service ${found?.own.name ?? ''}`,
        on: 'job file of the target',
        risk: 'The service is registered anew; direct callers of the host port must take it from elsewhere',
        ...edits(
          found && to !== undefined ? [set(found.own, 'port', String(to))] : undefined,
          'the job does not say on which number the application listens',
        ),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/sidecar_service',
    'https://github.com/hashicorp/nomad/issues/9824',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the call does not go through the mesh',
      given: { ...base, 'path.mesh': 'none', 'target.group.spec': group({ services: [sidecar()] }) },
      then: 'absent',
    },
    {
      name: 'a label with another port inside',
      given: { ...base, 'target.group.spec': group({ services: [sidecar()] }) },
      then: 'present',
    },
    {
      name: 'the proxy looks on the loopback of the other family',
      given: {
        ...base,
        'target.alloc.netns.listeners': [{ ...listener(25000), address: '127.0.0.1' }],
        'target.group.spec': group({ services: [looking('::1')] }),
      },
      then: 'present',
    },
    {
      name: 'and somebody listens there',
      given: {
        ...base,
        'target.alloc.netns.listeners': [{ ...listener(25000), address: '::1' }],
        'target.group.spec': group({ services: [looking('::1')] }),
      },
      then: 'absent',
    },
    {
      name: 'the number of the container port',
      given: { ...base, 'target.group.spec': group({ services: [sidecar({ port: '8080' })] }) },
      then: 'absent',
    },
    {
      name: 'the application listens on the host port itself',
      given: {
        ...base,
        'target.alloc.netns.listeners': [listener(25000)],
        'target.group.spec': group({ services: [sidecar()] }),
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['bridge', 'cni'] },
    needs: ['group.spec'],
    holds: ({ 'group.spec': spec }) => {
      const found = labelled(spec)
      return found
        ? {
            says: `Service ${found.own.name} has the label ${found.own.port} as its port, so its sidecar dials the host port on ${localOf(found.own)} inside, where the application listens on ${found.port?.to}`,
            at: [found.own, 'port'],
          }
        : false
    },
    fix: ({ 'group.spec': spec }) => {
      const found = labelled(spec)
      return [
        ...(found ? [{ ...told(found.own, found.port?.to), on: 'job file' as const }] : []),
        {
          do: `Or set port = "${found?.port?.to ?? '<port>'}" in service "${found?.own.name ?? ''}", where all callers come through the mesh`,
          on: 'job file',
          risk: 'The service is registered anew; direct callers of the host port must take it from elsewhere',
          ...edits(
            found?.port?.to !== undefined ? [set(found.own, 'port', String(found.port.to))] : undefined,
            'the number is not in the job',
          ),
        },
      ]
    },
    examples: [
      {
        name: 'a dynamic label with to = 8080',
        given: { 'group.network.mode': 'bridge', 'group.spec': group({ services: [sidecar({ port: 'http' })] }) },
        then: 'present',
      },
      {
        name: 'the proxy dials the address of the client, where the host port is published',
        given: {
          'group.network.mode': 'bridge',
          'group.spec': group({
            services: [looking('${attr.unique.network.ip-address}')],
          }),
        },
        then: 'absent',
      },
      {
        name: 'the number inside',
        given: { 'group.network.mode': 'bridge', 'group.spec': group({ services: [sidecar({ port: '8080' })] }) },
        then: 'absent',
      },
      {
        name: 'host mode is another fault',
        given: { 'group.network.mode': 'host', 'group.spec': group() },
        then: 'absent',
      },
    ],
  },
})
