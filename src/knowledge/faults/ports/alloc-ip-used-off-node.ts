import { edits, unset } from '../../edit.ts'
import type { Ask } from '../../shapes/discovery.ts'
import type { GroupSpec, JobSpec } from '../../shapes/job.ts'
import { registering, servicesOf } from '../../discovery.ts'
import { pinned } from '../../said.ts'
import type { Dial } from '../../facts/path.ts'
import type { Member } from '../../facts.ts'
import { fault } from '../../fault.ts'
import type { AllocRecord } from '../../shapes/runtime.ts'
import { group, job, record, service, task } from '../../samples.ts'

/** An address dialled that is, or was, an allocation's of the target inside its bridge. */
function inner(
  dials: readonly Dial[],
  alloc: AllocRecord,
  clients: readonly Member<readonly AllocRecord[]>[],
): Dial | undefined {
  const same = clients
    .flatMap(({ value }) => value)
    .filter(({ job, namespace, group }) => job === alloc.job && namespace === alloc.namespace && group === alloc.group)
  const own = new Set([alloc, ...same].flatMap(({ address, addressV6 }) => [address, addressV6]))
  return dials.find(({ host }) => own.has(host))
}

/** Another group asks for a service that registers an address inside Nomad's own bridge, which is on every client anew. */
function inside(asks: readonly Ask[], own: GroupSpec, job: JobSpec) {
  const named = asks.filter(({ via }) => /template|dns/.test(via)).map(({ name }) => name)
  for (const there of new Set(named.flatMap((name) => registering(job, name)))) {
    if (there.name === own.name) continue
    const together = pinned(own) ?? pinned(job)
    if (there.network?.mode !== 'bridge' || (together !== undefined && together === (pinned(there) ?? pinned(job))))
      continue
    const service = servicesOf(there).find(
      ({ addressMode, name, connect }) => addressMode === 'alloc' && !connect && named.includes(name),
    )
    if (service) return { there, service }
  }
  return undefined
}
const store = group({ name: 'store', services: [service({ addressMode: 'alloc' })] })

export const allocIpUsedOffNode = fault({
  id: 'alloc-ip-used-off-node',
  aliases: ['same-service-reachable-on-one-node-only'],
  about: 'path',
  title: 'The caller uses an allocation address that exists inside another client only',
  layer: 'bridge',
  severity: 'breaks',
  heard: ['dial tcp 172.26.<n>.<n>:<port>: i/o timeout', 'dial tcp 172.26.<n>.<n>:<port>: connect: no route to host'],
  onlyWhen: {
    'target.group.network.mode': ['bridge'],
    'path.place': ['other-client', 'outside'],
    'path.discovery': ['fixed-address', 'env-variable', 'load-balancer'],
  },
  needs: ['path.dials', 'target.alloc.record', 'every.node.allocations', 'path.port'],
  shows: ['path.dials', 'target.alloc.record'],
  holds: ({
    'path.dials': dials,
    'target.alloc.record': alloc,
    'every.node.allocations': clients,
    'path.port': { mapped },
  }) => {
    const dial = inner(dials, alloc, clients)
    if (!dial) return false
    const from = dial.from === 'case' ? 'the caller uses' : `${dial.from} holds`
    const outer = mapped ? `; from other machines it is ${mapped.hostIp}:${mapped.hostPort}` : ''
    return `${from[0]?.toUpperCase()}${from.slice(1)} ${dial.host}${dial.port === undefined ? '' : `:${dial.port}`}, an address inside the bridge of ${alloc.nodeName}${outer}`
  },
  byHand:
    'The address is in the bridge subnet (172.26.64.0/20 by default), nomad alloc status prints it for the target, and the caller runs on another client.',
  explains: [],
  because:
    'Every client has a bridge of its own, all with the same private subnet, and no client knows the way into another one. From elsewhere the address belongs to nobody (time-out, no route to host) or to another allocation that happens to have it (refused, or the wrong service). The address also changes with every new allocation.',
  fix: () => [
    {
      do: 'Let the caller find the target by its service (a nomadService or service template), which gives the host address and the mapped port',
      on: 'job file of the caller',
      risk: 'The allocation of the caller is replaced',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking#bridge-networking',
    'https://github.com/hashicorp/nomad/issues/17257',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the configuration holds the address inside the other bridge',
      given: {
        'target.group.network.mode': 'bridge',
        'path.place': 'other-client',
        'path.discovery': 'fixed-address',
        'path.dials': [{ host: '172.26.64.3', port: 8080, from: 'env ORDERS of task loop' }],
        'target.alloc.record': record('a1', { address: '172.26.64.3' }),
        'every.node.allocations': [],
        'path.port': { label: null, number: null, mapped: null },
      },
      then: 'present',
    },
    {
      name: 'the host address is used',
      given: {
        'target.group.network.mode': 'bridge',
        'path.place': 'other-client',
        'path.discovery': 'fixed-address',
        'path.dials': [{ host: '10.0.0.1', port: 25000, from: 'env ORDERS of task loop' }],
        'target.alloc.record': record('a1', { address: '172.26.64.3' }),
        'every.node.allocations': [],
        'path.port': { label: null, number: null, mapped: null },
      },
      then: 'absent',
    },
    {
      name: 'on the same client the address is good',
      given: {
        'target.group.network.mode': 'bridge',
        'path.place': 'same-client',
        'path.discovery': 'fixed-address',
        'path.dials': [{ host: '172.26.64.3', port: 8080, from: 'env ORDERS of task loop' }],
        'target.alloc.record': record('a1', { address: '172.26.64.3' }),
        'every.node.allocations': [],
        'path.port': { label: null, number: null, mapped: null },
      },
      then: 'absent',
    },
    {
      name: "an operator's own network may be routed",
      given: {
        'target.group.network.mode': 'cni',
        'path.place': 'other-client',
        'path.discovery': 'fixed-address',
        'path.dials': [{ host: '10.9.0.3', from: 'env ORDERS of task loop' }],
        'target.alloc.record': record('a1', { address: '10.9.0.3' }),
        'every.node.allocations': [],
        'path.port': { label: null, number: null, mapped: null },
      },
      then: 'absent',
    },
    {
      name: 'the source asks a catalogue: see address-mode-alloc-remote',
      given: {
        'target.group.network.mode': 'bridge',
        'path.place': 'other-client',
        'path.discovery': 'nomad-template',
        'path.dials': [{ host: '172.26.64.3', port: 8080, from: 'template' }],
        'target.alloc.record': record('a1', { address: '172.26.64.3' }),
        'every.node.allocations': [],
        'path.port': { label: null, number: null, mapped: null },
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'task',
    needs: ['task.asks', 'task.spec', 'group.spec', 'job.spec'],
    shows: ['job.spec'],
    holds: ({ 'task.asks': asks, 'task.spec': task, 'group.spec': own, 'job.spec': job }) => {
      const found = inside(asks, own, job)
      return found
        ? {
            says: `Service ${found.service.name} registers its address inside the bridge of its client, and task ${task.name} of group ${own.name} asks for it: from another client that address leads nowhere`,
            at: [found.service, 'address_mode'],
          }
        : false
    },
    fix: ({ 'task.asks': asks, 'group.spec': own, 'job.spec': job }) => {
      const found = inside(asks, own, job)
      return [
        {
          do: `Delete address_mode from service "${inside(asks, own, job)?.service.name ?? ''}": then the host port is registered, which leads there from everywhere`,
          on: 'job file',
          risk: 'The service is registered anew',
          ...edits(found && [unset(found.service, 'address_mode')], 'the service is not written out'),
        },
      ]
    },
    examples: [
      {
        name: 'another group asks for it',
        given: {
          'task.asks': [{ via: 'nomad-template', name: 'orders', where: 'template local/a.env' }],
          'task.spec': task(),
          'group.spec': group(),
          'job.spec': job({ groups: [store, group()] }),
        },
        then: 'present',
      },
      {
        name: 'the host port is registered',
        given: {
          'task.asks': [{ via: 'nomad-template', name: 'orders', where: 'template local/a.env' }],
          'task.spec': task(),
          'group.spec': group(),
          'job.spec': job({ groups: [group({ name: 'store' }), group()] }),
        },
        then: 'absent',
      },
    ],
  },
})
