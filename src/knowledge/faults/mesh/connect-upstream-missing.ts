import { edits, set } from '../../edit.ts'
import { bound } from '../../edit-upstream.ts'
import { meshed, misnamed, unbound } from '../../upstreams.ts'
import { called } from '../../said-samples.ts'
import { fault } from '../../fault.ts'
import { group, job, record, service, task } from '../../samples.ts'
import type { Ask, Asked } from '../../shapes/discovery.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { Listener } from '../../shapes/packet.ts'
import { begun } from '../../words.ts'

const variable = (name: string): string => name.replaceAll('-', '_')
const listens = (listeners: readonly Listener[], port: number): boolean =>
  listeners.some(
    (one) =>
      one.proto === 'tcp' && one.port === port && ['127.0.0.1', '0.0.0.0', '*', '::', '::1'].includes(one.address),
  )

interface Known {
  readonly asks: readonly Ask[]
  readonly consul: readonly Asked[]
  readonly source: GroupSpec
  readonly target: GroupSpec
  readonly listeners: readonly Listener[]
}

/** The source dials a local port for the target, and no upstream of its sidecar leads there. */
function missing({ asks, consul, source, target, listeners }: Known) {
  const destinations = meshed(target).map(({ name }) => name)
  const sidecar = source.services.find(({ connect }) => connect?.sidecar !== undefined)
  if (!sidecar) return undefined
  const wrong = consul.find(({ ask, here }) => ask.via === 'upstream' && !here)?.ask
  const local = asks.filter(({ via }) => via === 'sidecar')
  const dialled = local.find(({ name, port }) =>
    port === undefined
      ? destinations.some((one) => variable(one) === name)
      : !listens(listeners, port) || port === wrong?.port,
  )
  return dialled && { dialled, destination: destinations[0] ?? '', sidecar, wrong }
}

const proxy = (upstreams: readonly { destination: string; localBindPort: number }[] = []) =>
  service({
    provider: 'consul',
    port: '9000',
    connect: { native: false, gateway: false, sidecar: { port: '', upstreams, transparentProxy: false } },
  })
const target = group({ services: [{ ...proxy(), name: 'orders' }] })
const dials: Ask = { via: 'sidecar', name: '127.0.0.1', port: 9191, where: 'template local/loop.sh' }

export const connectUpstreamMissing = fault({
  id: 'connect-upstream-missing',
  about: 'path',
  title: "The caller's sidecar has no upstream for the service it dials",
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'connect to 127.0.0.1 port <port>: Connection refused',
    'dial tcp 127.0.0.1:<port>: connect: connection refused',
    'NOMAD_UPSTREAM_ADDR_<service> is empty',
  ],
  onlyWhen: { 'path.mesh': ['no-upstream'], 'path.discovery': ['mesh-upstream', 'localhost'] },
  needs: [
    'source.task.spec',
    'source.alloc.record',
    'source.group.spec',
    'target.group.spec',
    'path.asks',
    'path.asked.consul',
    'source.alloc.netns.listeners',
  ],
  shows: ['source.group.spec', 'source.alloc.netns.listeners', 'path.asks'],
  holds: (known) => {
    const found = missing({
      asks: known['path.asks'],
      consul: known['path.asked.consul'],
      source: known['source.group.spec'],
      target: known['target.group.spec'],
      listeners: known['source.alloc.netns.listeners'],
    })
    if (!found) return false
    const { dialled, destination, sidecar, wrong } = found
    const at = dialled.port === undefined ? `NOMAD_UPSTREAM_ADDR_${dialled.name}` : `${dialled.name}:${dialled.port}`
    const lacks = wrong
      ? `the upstream there leads to ${wrong.name}, which Consul does not know`
      : `the sidecar of ${sidecar.name} has no upstream for ${destination}, and nobody listens there`
    return `${begun(dialled.where)} dials ${at}, but ${lacks}`
  },
  byHand:
    'In the network namespace of the caller, ss -lnt must show 127.0.0.1:<local_bind_port>; nomad job inspect shows the upstreams of its service.',
  explains: ['cross-group-localhost'],
  because:
    'The sidecar of the caller opens one local port per upstream of the service it belongs to, and no other. Without an upstreams block, with the block in another service, or with a destination that nobody registers, there is no listener on the local port or nobody behind it. The sidecars of both sides may be green all the same.',
  fix: (known) => {
    const found = missing({
      asks: known['path.asks'],
      consul: known['path.asked.consul'],
      source: known['source.group.spec'],
      target: known['target.group.spec'],
      listeners: known['source.alloc.netns.listeners'],
    })
    return [
      {
        do: `Add an upstreams block with destination_name = "${found?.destination ?? ''}" and local_bind_port = ${found?.dialled.port ?? 9191} to the proxy block of service ${found?.sidecar.name ?? ''}`,
        on: 'job file of the source',
        risk: 'The allocation may be updated in place: restart the sidecar if the port does not open',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/upstreams',
    'https://developer.hashicorp.com/nomad/docs/networking/consul/service-mesh',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a dead local port of something else, and an address for the target',
      given: {
        'path.mesh': 'no-upstream',
        'path.discovery': 'nomad-template',
        'source.task.spec': task(),
        'source.alloc.record': record('s1'),
        'source.group.spec': group({ services: [proxy()] }),
        'target.group.spec': target,
        'path.asks': [dials],
        'path.asked.consul': [],
        'source.alloc.netns.listeners': [],
      },
      then: 'absent',
    },
    {
      name: 'no upstream, no listener',
      given: {
        'path.mesh': 'no-upstream',
        'path.discovery': 'mesh-upstream',
        'source.task.spec': task(),
        'source.alloc.record': record('s1'),
        'source.group.spec': group({ services: [proxy()] }),
        'target.group.spec': target,
        'path.asks': [dials],
        'path.asked.consul': [],
        'source.alloc.netns.listeners': [],
      },
      then: 'present',
    },
    {
      name: 'the upstream is declared',
      given: {
        'path.mesh': 'upstream',
        'path.discovery': 'mesh-upstream',
        'source.task.spec': task(),
        'source.alloc.record': record('s1'),
        'source.group.spec': group({ services: [proxy([{ destination: 'orders', localBindPort: 9191 }])] }),
        'target.group.spec': target,
        'path.asks': [dials, { via: 'upstream', name: 'orders', port: 9191, where: 'service checkout' }],
        'path.asked.consul': [],
        'source.alloc.netns.listeners': [],
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['bridge', 'cni'] },
    needs: ['group.calls', 'group.listens', 'group.spec', 'job.spec'],
    shows: ['group.calls', 'group.spec'],
    holds: ({ 'group.calls': calls, 'group.listens': listens, 'group.spec': spec, 'job.spec': job }) => {
      const wrong = misnamed(spec, job)
      if (wrong)
        return {
          says: `An upstream of group ${spec.name} leads to ${wrong.upstream.destination}, but the mesh service of this job is ${wrong.meant}`,
          at: [wrong.upstream, 'destination_name'],
        }
      const found = unbound(calls, listens, spec)
      return found
        ? {
            says: `${begun(found.from)} dials ${found.host}:${found.port}, and no upstream of group ${spec.name} binds that port`,
            at: found.at,
          }
        : false
    },
    fix: ({ 'group.calls': calls, 'group.listens': listens, 'group.spec': spec, 'job.spec': job }) => {
      const wrong = misnamed(spec, job)
      const what = wrong
        ? `Set destination_name = "${wrong.meant}"`
        : `Add an upstream with local_bind_port = ${unbound(calls, listens, spec)?.port ?? '<port>'} to the sidecar of group ${spec.name}`
      const dialled = wrong ? undefined : unbound(calls, listens, spec)?.port
      const renamed = wrong?.meant === undefined ? undefined : [set(wrong.upstream, 'destination_name', wrong.meant)]
      const found = renamed ?? (dialled === undefined ? undefined : bound(dialled, spec, job))
      const why = 'the job does not say which service is dialled'
      return [{ do: what, on: 'job file', risk: 'The allocation is replaced', ...edits(found, why) }]
    },
    examples: [
      {
        name: 'nothing binds the port',
        given: {
          'group.network.mode': 'bridge',
          'group.calls': [called({ port: 9192, text: 'MAIL_URL http://127.0.0.1:9192' })],
          'group.listens': [],
          'group.spec': group({ services: [proxy()] }),
          'job.spec': job(),
        },
        then: 'present',
      },
      {
        name: 'the destination has another name in this job',
        given: {
          'group.network.mode': 'bridge',
          'group.calls': [],
          'group.listens': [],
          'group.spec': group({ services: [proxy([{ destination: 'catalog-svc', localBindPort: 7000 }])] }),
          'job.spec': job({ groups: [group({ services: [{ ...proxy(), name: 'catalog' }] })] }),
        },
        then: 'present',
      },
      {
        name: 'an upstream binds it',
        given: {
          'group.network.mode': 'bridge',
          'group.calls': [called({ port: 9191 })],
          'group.listens': [],
          'group.spec': group({ services: [proxy([{ destination: 'mail', localBindPort: 9191 }])] }),
          'job.spec': job(),
        },
        then: 'absent',
      },
      {
        name: 'host mode',
        given: {
          'group.network.mode': 'host',
          'group.calls': [],
          'group.listens': [],
          'group.spec': group(),
          'job.spec': job(),
        },
        then: 'absent',
      },
    ],
  },
})
