import { inbound } from '../../crossing-samples.ts'
import { deletion } from '../../deletion.ts'
import { fault } from '../../fault.ts'

export const staleDnatFirstMatch = fault({
  id: 'stale-dnat-first-match',
  about: 'path',
  title: 'A leftover port mapping of another allocation takes the host port',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'No route to host',
    String.raw`-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \"nomad\" id: \"<allocation>\"" -m multiport --dports <port> -j CNI-DN-<chain>`,
  ],
  needs: ['path.inbound.way', 'path.inbound.translation'],
  shows: ['path.inbound.translation'],
  holds: ({ 'path.inbound.way': way, 'path.inbound.translation': nat }) => {
    if (!way?.inside || nat?.kind !== 'to' || nat.alloc === null || nat.address === way.inside.address) return false
    return `On ${way.node} the first rule for ${way.address}:${way.port} is the mapping of allocation ${nat.alloc.slice(0, 8)} to ${nat.address}:${nat.port}, not that to ${way.inside.address}:${way.inside.port}`
  },
  byHand:
    'On the client: iptables -t nat -S CNI-HOSTPORT-DNAT has two or more rules for the port; the id in the comment of the first is no running allocation.',
  explains: ['nsd-check-failing'],
  because:
    'Each mapped port has a rule in CNI-HOSTPORT-DNAT, new ones are put at the end, and the first that matches wins. When an allocation goes away without its network being taken down (the agent lost its state, a container was removed by hand, old rules were restored from a file), its rule stays. As soon as another allocation gets the same host port, a static one at once, a dynamic one after months, callers are sent to the dead address.',
  fix: ({ 'path.inbound.way': way, 'path.inbound.translation': nat }) => {
    if (nat?.kind !== 'to') return []
    const { chain, leads = [] } = nat
    const on = `client ${way?.node ?? ''}`
    const cut = leads.map((rule) => deletion('iptables', 'nat', 'CNI-HOSTPORT-DNAT', rule))
    return [
      ...cut.map((run, i) => ({
        do: run ? `Delete the rule that leads to ${chain}` : `Delete the rule that leads to ${chain}: ${leads[i]}`,
        on,
        ...(run ? { run } : {}),
        risk: `Allocation ${nat.alloc?.slice(0, 8) ?? ''} loses the port if it still runs: see nomad alloc status`,
      })),
      {
        do: 'Empty its chain, to which nothing leads then',
        on,
        run: ['iptables', '-t', 'nat', '-F', chain],
        risk: 'none',
      },
      { do: 'And delete the chain', on, run: ['iptables', '-t', 'nat', '-X', chain], risk: 'none' },
    ]
  },
  references: ['https://www.cni.dev/plugins/current/meta/portmap/', 'https://github.com/hashicorp/nomad/issues/6385'],
  since: '0.1.0',
  examples: [
    {
      name: 'the mapping of a dead allocation comes first',
      given: {
        'path.inbound.way': inbound(),
        'path.inbound.translation': {
          kind: 'to',
          address: '172.26.64.7',
          port: 8080,
          chain: 'CNI-DN-aaaa',
          rule: '-A CNI-DN-aaaa -j DNAT',
          alloc: '6b235529-8111-4bbe-520b-d639b1d2a94e',
          leads: [
            '-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \\"nomad\\" id: \\"6b235529-8111-4bbe-520b-d639b1d2a94e\\"" -m multiport --dports 25001 -j CNI-DN-aaaa',
          ],
        },
      },
      then: 'present',
    },
    {
      name: 'it leads to the allocation',
      given: {
        'path.inbound.way': inbound(),
        'path.inbound.translation': {
          kind: 'to',
          address: '172.26.64.2',
          port: 8080,
          chain: 'CNI-DN-bbbb',
          rule: '-A CNI-DN-bbbb -j DNAT',
          alloc: '52734dba-8cc0-b171-18c3-720000000000',
        },
      },
      then: 'absent',
    },
    {
      name: 'a rule of somebody else takes it',
      given: {
        'path.inbound.way': inbound(),
        'path.inbound.translation': {
          kind: 'to',
          address: '172.17.0.2',
          port: 80,
          chain: 'DOCKER',
          rule: '-A DOCKER -j DNAT',
          alloc: null,
        },
      },
      then: 'absent',
    },
    {
      name: 'nothing is translated',
      given: { 'path.inbound.way': null, 'path.inbound.translation': null },
      then: 'absent',
    },
  ],
})
