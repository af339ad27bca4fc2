import { edits, unset } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { place as spelt, servicesOf } from '../../discovery.ts'
import { group, record, service } from '../../samples.ts'
import type { GroupSpec, ServiceSpec } from '../../shapes/job.ts'

/** A service that registers the address inside the bridge, of a port that has one outside too. */
const inner = (spec: GroupSpec): ServiceSpec | undefined =>
  spec.network?.mode === 'bridge'
    ? servicesOf(spec).find(
        ({ addressMode, connect, port }) =>
          addressMode === 'alloc' && !connect && spec.network?.ports.some(({ label }) => label === port),
      )
    : undefined

const web = (addressMode: string, mode = 'bridge'): GroupSpec =>
  group({
    network: { mode, ports: [{ label: 'http', to: 8080, hostNetwork: 'default' }] },
    services: [service({ addressMode })],
  })

export const addressModeAllocRemote = fault({
  id: 'address-mode-alloc-remote',
  about: 'path',
  title: "The service is registered with an address that exists inside one client's bridge only",
  layer: 'name',
  severity: 'breaks',
  heard: ['dial tcp 172.26.<n>.<n>:<port>: i/o timeout', 'dial tcp 172.26.<n>.<n>:<port>: connect: no route to host'],
  onlyWhen: {
    'target.group.network.mode': ['bridge'],
    'path.place': ['other-client', 'outside'],
    'path.discovery': ['nomad-template', 'consul-template', 'consul-dns', 'load-balancer'],
  },
  needs: ['path.registered', 'target.alloc.record', 'path.service'],
  holds: ({ 'path.registered': rows, 'target.alloc.record': alloc, 'path.service': service }) => {
    const row = rows.find(({ address }) => address !== '' && (address === alloc.address || address === alloc.addressV6))
    return row
      ? `${service?.name ?? 'The service'} is registered at ${spelt(row)}, the address inside the bridge of ${alloc.nodeName}: no other client has a way there`
      : false
  },
  intended: 'where all callers are on its own client',
  byHand:
    'nomad service info <service> shows an address of the bridge subnet (172.26.64.0/20 by default), and the caller runs on another client.',
  explains: [],
  because:
    'Every client has a bridge of its own with the same private subnet. An allocation address is therefore good on its own client only; on another one it belongs to nobody, so the call times out or finds no route, or to a different allocation, so the call is refused or even reaches the wrong service. With address_mode = "alloc" exactly that address is registered for everybody.',
  fix: ({ 'path.service': service }) => [
    {
      do: `Delete address_mode = "alloc" from service "${service?.name ?? ''}" (or set "host") and give it a port label`,
      on: 'job file',
      risk: 'The service is registered anew; callers on the same client change their way',
    },
    {
      do: 'Keep address_mode = "alloc" only with a CNI network whose addresses are routed between the clients',
      on: 'job file',
      risk: 'none',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/service#address_mode',
    'https://github.com/hashicorp/nomad/issues/26900',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the address of the allocation is registered, and the caller is elsewhere',
      given: {
        'target.group.network.mode': 'bridge',
        'path.place': 'other-client',
        'path.discovery': 'nomad-template',
        'path.registered': [{ address: '172.26.64.3', port: 8080 }],
        'target.alloc.record': record('a1', { address: '172.26.64.3' }),
        'path.service': service({ addressMode: 'alloc' }),
      },
      then: 'present',
    },
    {
      name: 'the host address is registered',
      given: {
        'target.group.network.mode': 'bridge',
        'path.place': 'other-client',
        'path.discovery': 'nomad-template',
        'path.registered': [{ address: '10.0.0.1', port: 25000 }],
        'target.alloc.record': record('a1', { address: '172.26.64.3' }),
        'path.service': service(),
      },
      then: 'absent',
    },
    {
      name: 'on the same client the address is good',
      given: {
        'target.group.network.mode': 'bridge',
        'path.place': 'same-client',
        'path.discovery': 'nomad-template',
        'path.registered': [{ address: '172.26.64.3', port: 8080 }],
        'target.alloc.record': record('a1', { address: '172.26.64.3' }),
        'path.service': service(),
      },
      then: 'absent',
    },
    {
      name: "an operator's own network may be routed",
      given: {
        'target.group.network.mode': 'cni',
        'path.place': 'other-client',
        'path.discovery': 'nomad-template',
        'path.registered': [{ address: '10.9.0.3', port: 8080 }],
        'target.alloc.record': record('a1', { address: '10.9.0.3' }),
        'path.service': service(),
      },
      then: 'absent',
    },
    {
      name: 'the source goes by the mesh',
      given: {
        'target.group.network.mode': 'bridge',
        'path.place': 'other-client',
        'path.discovery': 'mesh-upstream',
        'path.registered': [{ address: '172.26.64.3', port: 8080 }],
        'target.alloc.record': record('a1', { address: '172.26.64.3' }),
        'path.service': service(),
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    needs: ['group.spec'],
    holds: ({ 'group.spec': spec }) => {
      const found = inner(spec)
      return found
        ? {
            says: `Service ${found.name} has address_mode = "alloc" in a bridge group: it registers an address like 172.26.64.2, which only its own client can reach, though port ${found.port} has one outside`,
            at: [found, 'address_mode'],
            severity: 'risks',
          }
        : false
    },
    fix: ({ 'group.spec': spec }) => {
      const found = inner(spec)
      return [
        {
          do: `Delete address_mode = "alloc" from service ${found?.name ?? ''}: it then registers the address of the client and the port outside`,
          on: 'job file',
          risk: 'The service is registered anew; callers on the same client change their way',
          ...edits(found ? [unset(found, 'address_mode')] : undefined, 'no such service'),
        },
      ]
    },
    examples: [
      { name: 'alloc mode in a bridge group', given: { 'group.spec': web('alloc') }, then: 'present' },
      { name: 'the default', given: { 'group.spec': web('auto') }, then: 'absent' },
      {
        name: "an operator's own network may be routed",
        given: { 'group.spec': web('alloc', 'cni/own') },
        then: 'absent',
      },
    ],
  },
})
