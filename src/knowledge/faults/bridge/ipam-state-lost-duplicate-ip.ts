import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import { record } from '../../samples.ts'
import type { AllocRecord } from '../../shapes/runtime.ts'

/** Another running allocation of the client with the same address of its own. */
const twin = (own: AllocRecord, others: readonly AllocRecord[]) =>
  own.address === undefined || own.ports.some(({ hostIp }) => hostIp === own.address)
    ? undefined
    : others.find(
        ({ id, clientStatus, address }) => id !== own.id && clientStatus === 'running' && address === own.address,
      )

const at = (id: string, address: string, changed: Partial<AllocRecord> = {}): AllocRecord =>
  record(id, { address, ...changed })
const given = (own: AllocRecord, ...others: readonly AllocRecord[]) =>
  ({
    'alloc.namespace-kind': 'own',
    'alloc.status': 'running',
    'alloc.record': own,
    'node.allocations': [own, ...others],
  }) as const

export const ipamStateLostDuplicateIp = fault({
  id: 'ipam-state-lost-duplicate-ip',
  about: 'alloc',
  title: 'Two running allocations of the client have the same address',
  layer: 'bridge',
  severity: 'breaks',
  // Silent: the address plugin gives the address away a second time without any complaint.
  heard: [],
  onlyWhen: { 'alloc.namespace-kind': ['own'], 'alloc.status': ['running'] },
  needs: ['alloc.record', 'node.allocations'],
  holds: ({ 'alloc.record': own, 'node.allocations': others }) => {
    const other = twin(own, others)
    return other
      ? `On ${own.nodeName} allocation ${other.id.slice(0, 8)} (${other.job}/${other.group}) has the address ${own.address ?? ''} too: packets for this one reach the other, or now one and now the other`
      : false
  },
  byHand:
    'nomad node status <node>, then nomad alloc status -json of each: the same Address in NetworkStatus twice; on the client, ls /var/run/cni/nomad has no file, or one file, for it.',
  explains: ['nsd-check-failing', 'consul-service-critical-filtered'],
  because:
    'The plugin host-local knows which addresses are taken by the files in its folder, and by nothing else. When the folder is emptied or moved while allocations run, or when two networks with one subnet keep a book each, it gives addresses away that are in use. Nomad 1.9.4 to 1.9.6 (Enterprise 1.8.8 to 1.8.10, 1.7.16 to 1.7.18) moved the folder at an upgrade without taking the files along.',
  fix: ({ 'alloc.record': own, 'node.allocations': others }) => [
    {
      do: `Replace both allocations, this one and ${twin(own, others)?.id.slice(0, 8) ?? 'the other'}; after an upgrade better drain the client, so that all get addresses anew`,
      on: 'cluster',
      run: allocCommand('stop', own),
      risk: 'They end; others are placed',
    },
    {
      do: 'Never empty /var/run/cni or /var/lib/cni while allocations run; give each CNI network a subnet of its own',
      on: `client ${own.nodeName}`,
      risk: 'none',
    },
  ],
  references: [
    'https://github.com/hashicorp/nomad/pull/25093',
    'https://www.cni.dev/plugins/current/ipam/host-local/',
    'https://developer.hashicorp.com/nomad/docs/upgrade/upgrade-specific',
  ],
  since: '0.1.0',
  examples: [
    { name: 'two with one address', given: given(at('a1', '172.26.64.2'), at('a2', '172.26.64.2')), then: 'present' },
    { name: 'each has its own', given: given(at('a1', '172.26.64.2'), at('a2', '172.26.64.3')), then: 'absent' },
    {
      name: 'the other one is over',
      given: given(at('a1', '172.26.64.2'), at('a2', '172.26.64.2', { clientStatus: 'complete' })),
      then: 'absent',
    },
    {
      name: 'it is over itself',
      given: { ...given(at('a1', '172.26.64.2'), at('a2', '172.26.64.2')), 'alloc.status': 'complete' },
      then: 'absent',
    },
    {
      name: 'the address of the client is shared by all',
      given: { ...given(at('a1', '10.0.0.1'), at('a2', '10.0.0.1')), 'alloc.namespace-kind': 'host' },
      then: 'absent',
    },
  ],
})
