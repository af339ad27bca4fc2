import { inbound, outbound, stopped } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'

const jumpComment = 'CNI firewall plugin admin overrides'

export const nomadAdminRuleMissing = fault({
  id: 'nomad-admin-rule-missing',
  about: 'path',
  title: 'NOMAD-ADMIN does not accept new connections to the bridge',
  layer: 'node',
  severity: 'breaks',
  heard: ['Chain NOMAD-ADMIN (1 references)'],
  needs: ['path.forward'],
  holds: ({ 'path.forward': at }) => {
    if (
      at?.stop.by !== 'iptables' ||
      at.stop.table !== 'filter' ||
      at.way.side !== 'target' ||
      at.way.mode !== 'bridge' ||
      at.cni.forwardJump === null
    )
      return false
    const after = at.stop.at === null || at.stop.at > at.cni.forwardJump
    if (!after || at.stop.via.includes('NOMAD-ADMIN')) return false
    const { adminAccepts, adminJump } = at.cni
    // The rule is there and would be asked: something before it keeps the packet from it.
    if (adminAccepts && adminJump) return false
    const has = adminAccepts
      ? 'CNI-FORWARD does not jump to NOMAD-ADMIN, whose rule is never asked'
      : at.cni.admin.length === 0
        ? 'chain NOMAD-ADMIN is empty'
        : `no rule of NOMAD-ADMIN accepts what goes out by ${at.way.out} to ${at.way.inside?.address ?? 'the allocation'}`
    return `On ${at.way.node} ${has}, so new connections to the allocation meet ${at.stop.rule ?? `the policy ${at.stop.verdict.toUpperCase()} of ${at.stop.chain}`}`
  },
  byHand:
    'On the client: iptables -S CNI-FORWARD has no line with -j NOMAD-ADMIN, or iptables -S NOMAD-ADMIN has no rule "-o <bridge> -d <bridge subnet> -j ACCEPT".',
  explains: ['node-to-node-blocked'],
  because:
    "The firewall plug-in accepts everything from an allocation, but only answers to it. New connections to an allocation are accepted by one rule that Nomad itself writes into NOMAD-ADMIN, for its bridge and the bridge's subnet. When that chain was flushed, or the bridge or its subnet was changed, callers on other machines meet the policy of FORWARD, which docker sets to DROP; the client itself and allocations on the same client still get through, and so do connections the allocation opens.",
  fix: ({ 'path.forward': at }) => [
    ...(at?.cni.adminAccepts
      ? [
          {
            do: 'Put the jump back',
            on: `client ${at.way.node}`,
            run: ['iptables', '-I', 'CNI-FORWARD', '1', '-m', 'comment', '--comment', jumpComment, '-j', 'NOMAD-ADMIN'],
            risk: 'none: the firewall plug-in writes the same rule',
          },
        ]
      : []),
    ...(at?.cni.adminAccepts
      ? []
      : [
          {
            do: at?.way.network
              ? 'Put the rule back for the bridge and its subnet'
              : 'Put a rule for the allocation back; that of Nomad has the whole subnet of the bridge',
            on: `client ${at?.way.node ?? ''}`,
            run: [
              'iptables',
              '-A',
              'NOMAD-ADMIN',
              '-o',
              at?.way.out ?? '<bridge>',
              '-d',
              at?.way.network ?? at?.way.inside?.address ?? '<subnet>',
              '-j',
              'ACCEPT',
            ],
            risk: at?.way.network ? 'none: Nomad writes the same rule' : 'none',
          },
        ]),
    {
      do: 'Or restart the client agent, which writes it for every allocation it restores',
      on: `client ${at?.way.node ?? ''}`,
      risk: 'Tasks keep running',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
    'https://github.com/hashicorp/nomad/blob/main/client/allocrunner/networking_bridge_linux.go',
  ],
  since: '0.1.0',
  examples: [
    { name: 'the chain is empty', given: { 'path.forward': stopped({}, { admin: [] }) }, then: 'present' },
    {
      name: 'its rule names another bridge',
      given: { 'path.forward': stopped({}, {}, inbound({ out: 'nomad2' })) },
      then: 'present',
    },
    {
      name: 'something before the jump stops it',
      given: { 'path.forward': stopped({ rule: '-A FORWARD -j DROP', at: 1 }, { forwardJump: 2 }) },
      then: 'absent',
    },
    {
      name: 'the operator refuses it in NOMAD-ADMIN',
      given: {
        'path.forward': stopped({
          rule: '-A NOMAD-ADMIN -j DROP',
          chain: 'NOMAD-ADMIN',
          via: ['FORWARD', 'CNI-FORWARD', 'NOMAD-ADMIN'],
          at: 1,
        }),
      },
      then: 'absent',
    },
    {
      name: 'a network of the operator',
      given: { 'path.forward': stopped({}, {}, inbound({ mode: 'cni', out: 'lan0' })) },
      then: 'absent',
    },
    { name: "the source's client stops it", given: { 'path.forward': stopped({}, {}, outbound()) }, then: 'absent' },
    {
      name: 'the rule is there, and nothing jumps to it',
      given: { 'path.forward': stopped({}, { adminJump: false, adminAccepts: true }) },
      then: 'present',
    },
    {
      name: 'the rule is there, and something before it keeps the packet from it',
      given: { 'path.forward': stopped({}, { adminAccepts: true }) },
      then: 'absent',
    },
    { name: 'nothing stops it', given: { 'path.forward': null }, then: 'absent' },
  ],
})
