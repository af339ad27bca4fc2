import { outbound, stopped } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import { isFirewalld } from '../../firewalld.ts'
import { bridgeSide } from '../../own-bridge.ts'
import type { Stopped } from '../../shapes/crossing.ts'

const own = { by: 'nftables', table: 'inet hardening', chain: 'forward', via: ['forward'] } as const

const accepting = (match: 'oifname' | 'iifname', at: Stopped | null | undefined): readonly string[] => [
  'nft',
  'insert',
  'rule',
  ...(at?.stop.table ?? 'inet filter').split(' '),
  at?.stop.chain ?? 'forward',
  match,
  bridgeSide(at?.way),
  'accept',
]

export const nftBaseChainDrop = fault({
  id: 'nft-base-chain-drop',
  about: 'path',
  title: 'An nftables table of its own stops forwarded packets',
  layer: 'node',
  severity: 'breaks',
  heard: ['chain forward { type filter hook forward priority filter; policy drop;'],
  needs: ['path.forward'],
  holds: ({ 'path.forward': at }) =>
    at?.stop.by === 'nftables' && !isFirewalld({ ...at.stop, jumps: at.stop.via })
      ? `On ${at.way.node} chain ${at.stop.chain} of table ${at.stop.table} stops what goes from ${at.way.in} to ${at.way.out} (${at.stop.rule ?? `policy ${at.stop.verdict}`}), whatever iptables accepts`
      : false,
  byHand:
    'On the client: nft list ruleset shows a chain with "hook forward" outside of the tables ip filter and ip nat, with policy drop or a drop or reject in it. iptables-save does not show it.',
  explains: ['node-to-node-blocked'],
  because:
    'Every base chain at a hook sees every packet, whichever table it is in, and a drop in any of them is final. What CNI and Nomad accept in the tables of iptables does not count in another table: a table inet filter of an image, of hardening or of a VPN, with a forward chain of policy drop, stops all allocations while iptables-save looks perfect.',
  fix: ({ 'path.forward': at }) => [
    {
      do: 'Accept in that chain what goes to the bridge of the allocation',
      on: `client ${at?.way.node ?? ''}`,
      run: accepting('oifname', at),
      risk: 'none: iptables still decides what reaches an allocation',
    },
    {
      do: 'And what comes from it: what allocations send, and their answers',
      on: `client ${at?.way.node ?? ''}`,
      run: accepting('iifname', at),
      risk: 'none: iptables still decides what leaves an allocation',
    },
    {
      do: 'Write the same into the file the table is loaded from',
      on: `client ${at?.way.node ?? ''}`,
      risk: 'A reload of that file may flush the rules of iptables too: see whether it begins with flush ruleset',
    },
  ],
  references: [
    'https://wiki.nftables.org/wiki-nftables/index.php/Configuring_chains',
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
  ],
  since: '0.1.0',
  examples: [
    { name: 'the policy of another table drops', given: { 'path.forward': stopped(own) }, then: 'present' },
    {
      name: 'a rule of another table rejects',
      given: { 'path.forward': stopped({ ...own, rule: 'reject', verdict: 'reject' }) },
      then: 'present',
    },
    {
      name: 'it is the table of firewalld',
      given: { 'path.forward': stopped({ ...own, table: 'inet firewalld', chain: 'filter_FORWARD' }) },
      then: 'absent',
    },
    {
      name: 'it drops what an allocation sends',
      given: { 'path.forward': stopped(own, {}, outbound()) },
      then: 'present',
    },
    { name: 'iptables drops', given: { 'path.forward': stopped() }, then: 'absent' },
    { name: 'nothing stops it', given: { 'path.forward': null }, then: 'absent' },
  ],
})
