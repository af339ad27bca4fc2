import { inbound } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'
import type { AllocRecord } from '../../shapes/runtime.ts'

const over = ['complete', 'failed', 'lost']

/** The living allocation whose mapping takes the connection. */
const first = (alloc: string | null, records: readonly AllocRecord[]): AllocRecord | undefined =>
  records.find(({ id, clientStatus }) => id === alloc && !over.includes(clientStatus))

const nat = (alloc: string) =>
  ({
    kind: 'to',
    address: '172.26.64.7',
    port: 8080,
    chain: 'CNI-DN-aaaa',
    rule: '-A CNI-DN-aaaa -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.26.64.7:8080',
    alloc,
  }) as const

export const duplicateDnatForSameHostPort = fault({
  id: 'duplicate-dnat-for-same-host-port',
  about: 'path',
  title: 'Two running allocations of the client map the same host port, and the other one comes first',
  layer: 'node',
  severity: 'breaks',
  heard: ['-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \\"nomad\\" id: \\"<allocation>\\""'],
  needs: ['path.inbound.way', 'path.inbound.translation', 'target.node.allocations'],
  shows: ['path.inbound.translation', 'target.node.allocations'],
  holds: ({ 'path.inbound.way': way, 'path.inbound.translation': nat, 'target.node.allocations': records }) => {
    if (!way?.inside || nat?.kind !== 'to' || nat.address === way.inside.address) return false
    const other = first(nat.alloc, records)
    return other
      ? `On ${way.node} connections to port ${way.port} go to ${nat.address}:${nat.port} of allocation ${other.id.slice(0, 8)} (${other.job}/${other.group}), which runs and maps the same port, not to ${way.inside.address}:${way.inside.port}`
      : false
  },
  byHand:
    'On the client: iptables -t nat -S CNI-HOSTPORT-DNAT has two rules for the port, with the ids of two running allocations.',
  explains: ['stale-dnat-first-match', 'nsd-check-failing'],
  because:
    'The scheduler may give one static port to two allocations of a client, on two addresses of the same host network. Without host_network blocks on the client, the port mapping leaves the address out of its rules, so both rules match the same packets. The first one wins, which is the older allocation; the newer one is never reached, whatever address is used.',
  fix: ({ 'path.inbound.way': way }) => [
    {
      do: 'Keep the two allocations on different clients (distinct_hosts), or give one of them another static port',
      on: 'job file',
      risk: 'The allocation is replaced',
    },
    {
      do: `Or define host_network blocks on ${way?.node ?? 'the client'}: then each rule names its address`,
      on: 'client configuration',
      risk: 'The agent restarts; ports of new allocations answer on their host address only',
    },
  ],
  references: ['https://github.com/hashicorp/nomad/issues/25413', 'https://www.cni.dev/plugins/current/meta/portmap/'],
  since: '0.1.0',
  examples: [
    {
      name: 'the older one runs',
      given: {
        'path.inbound.way': inbound(),
        'path.inbound.translation': nat('a2'),
        'target.node.allocations': [record('a1'), record('a2')],
      },
      then: 'present',
    },
    {
      name: 'the older one is dead: its rule is a leftover',
      given: {
        'path.inbound.way': inbound(),
        'path.inbound.translation': nat('a2'),
        'target.node.allocations': [record('a1'), record('a2', { clientStatus: 'complete' })],
      },
      then: 'absent',
    },
    {
      name: 'it leads to the allocation',
      given: {
        'path.inbound.way': inbound(),
        'path.inbound.translation': { ...nat('a1'), address: '172.26.64.2' },
        'target.node.allocations': [record('a1')],
      },
      then: 'absent',
    },
  ],
})
