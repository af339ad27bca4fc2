import { servicesOf } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { group, service, task } from '../../samples.ts'
import type { Ask } from '../../shapes/discovery.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { Intention } from '../../shapes/runtime.ts'

const meshed = (spec: GroupSpec) =>
  spec.services.filter(({ connect }) => connect?.sidecar !== undefined || connect?.native)

/** The most precise intention for a pair decides; without any, the default. */
function decided(
  intentions: readonly Intention[],
  source: string,
  destination: string,
  otherwise: 'allow' | 'deny',
): { action: string; by?: Intention } {
  const fitting = intentions.filter(
    (one) =>
      (one.source === source || one.source === '*') && (one.destination === destination || one.destination === '*'),
  )
  const best = fitting.reduce<Intention | undefined>((a, b) => (a && a.precedence >= b.precedence ? a : b), undefined)
  return best ? { action: best.action, by: best } : { action: otherwise }
}

interface Known {
  readonly asks: readonly Ask[]
  readonly source: GroupSpec
  readonly target: GroupSpec
  readonly intentions: readonly Intention[]
  readonly otherwise: 'allow' | 'deny'
}

function denied({ asks, source, target, intentions, otherwise }: Known) {
  const destinations = servicesOf(target)
    .filter(({ connect }) => connect !== undefined)
    .map(({ name }) => name)
  for (const own of meshed(source)) {
    const open = own.connect?.sidecar?.transparentProxy || own.connect?.native
    for (const name of destinations) {
      // Only what this caller dials through the mesh: an upstream of its service, or the transparent proxy.
      if (
        !open &&
        !asks.some((ask) => ask.via === 'upstream' && ask.name === name && ask.where === `service ${own.name}`)
      )
        continue
      const found = decided(intentions, own.name, name, otherwise)
      if (found.action === 'deny') return { source: own.name, destination: name, by: found.by }
    }
  }
  return undefined
}

const caller = group({
  services: [
    service({
      name: 'web',
      provider: 'consul',
      connect: {
        native: false,
        gateway: false,
        sidecar: { port: '', upstreams: [{ destination: 'orders', localBindPort: 9191 }], transparentProxy: false },
      },
    }),
  ],
})
const called = group({
  services: [
    service({
      provider: 'consul',
      connect: { native: false, gateway: false, sidecar: { port: '', upstreams: [], transparentProxy: false } },
    }),
  ],
})
const base = {
  'path.mesh': 'upstream',
  'source.task.spec': task(),
  'source.group.spec': caller,
  'target.group.spec': called,
  'path.asks': [{ via: 'upstream', name: 'orders', port: 9191, where: 'service web' }],
  'cluster.consul.default-intention': 'allow',
} as const

export const connectIntentionDenied = fault({
  id: 'connect-intention-denied',
  about: 'path',
  title: 'An intention forbids this call in the service mesh',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'RBAC: access denied',
    'rbac_access_denied_matched_policy[<policy>]',
    'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
    'curl: (52) Empty reply from server',
    'authz call denied: <details> reason="Matched intention: DENY <source> => <destination>',
  ],
  onlyWhen: { 'path.mesh': ['upstream', 'transparent-proxy', 'native'] },
  needs: [
    'source.task.spec',
    'source.group.spec',
    'target.group.spec',
    'path.asks',
    'cluster.consul.intentions',
    'cluster.consul.default-intention',
  ],
  shows: ['cluster.consul.intentions', 'cluster.consul.default-intention', 'source.group.spec'],
  holds: (known) => {
    const found = denied({
      asks: known['path.asks'],
      source: known['source.group.spec'],
      target: known['target.group.spec'],
      intentions: known['cluster.consul.intentions'],
      otherwise: known['cluster.consul.default-intention'],
    })
    if (!found) return false
    const { source, destination, by } = found
    return by
      ? `Intention ${by.source} => ${by.destination} denies calls from ${source} to ${destination}`
      : `No intention allows calls from ${source} to ${destination}, and the default is deny`
  },
  byHand:
    'consul intention check <source service> <destination service> says Denied. The source is the name of the service whose sidecar calls, not the job or the task.',
  explains: [],
  because:
    "The sidecar of the destination asks Consul's intentions for every connection. The most precise intention for the two service names decides, and where none fits, the default policy of the ACL system. A denied connection is opened and closed at once, or answered with 403 where the service speaks http; everything stays green, because health does not depend on intentions.",
  fix: (known) => {
    const found = denied({
      asks: known['path.asks'],
      source: known['source.group.spec'],
      target: known['target.group.spec'],
      intentions: known['cluster.consul.intentions'],
      otherwise: known['cluster.consul.default-intention'],
    })
    const { source = '', destination = '' } = found ?? {}
    return [
      {
        do: `Allow calls from ${source} to ${destination}, if they are meant to be allowed`,
        on: 'Consul',
        run: ['consul', 'intention', 'create', '-allow', '-replace', source, destination],
        risk: `${source} may then call ${destination} from everywhere in the mesh`,
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/consul/docs/secure-mesh/intention',
    'https://developer.hashicorp.com/consul/commands/intention/check',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the call does not go through the mesh',
      given: {
        ...base,
        'path.mesh': 'none',
        'cluster.consul.intentions': [{ source: 'web', destination: 'orders', action: 'deny', precedence: 9 }],
      },
      then: 'absent',
    },
    {
      name: 'denied for this pair',
      given: {
        ...base,
        'cluster.consul.intentions': [{ source: 'web', destination: 'orders', action: 'deny', precedence: 9 }],
      },
      then: 'present',
    },
    {
      name: 'denied for all, allowed for this pair',
      given: {
        ...base,
        'cluster.consul.intentions': [
          { source: 'web', destination: 'orders', action: 'allow', precedence: 9 },
          { source: '*', destination: '*', action: 'deny', precedence: 5 },
        ],
      },
      then: 'absent',
    },
    {
      name: 'no intention, the default is deny',
      given: { ...base, 'cluster.consul.intentions': [], 'cluster.consul.default-intention': 'deny' },
      then: 'present',
    },
  ],
})
