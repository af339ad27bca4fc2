import type { Dial } from '../../facts/path.ts'
import type { Member } from '../../facts.ts'
import { fault } from '../../fault.ts'
import type { AllocRecord } from '../../shapes/runtime.ts'
import { record } from '../../samples.ts'

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
})
