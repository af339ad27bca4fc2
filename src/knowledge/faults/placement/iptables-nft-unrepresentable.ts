import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'
import { setupSays } from '../../setup.ts'
import { placedAnew } from '../../nomad-command.ts'

export const iptablesNftUnrepresentable = fault({
  id: 'iptables-nft-unrepresentable',
  about: 'alloc',
  title: "Somebody put native nft rules into iptables' own tables, and iptables refuses to work on them",
  layer: 'node',
  severity: 'breaks',
  heard: [
    "iptables <version> (nf_tables): table `<table>' is incompatible, use 'nft' tool.",
    "failed to initialize table forwarding rules: failed to list iptables chains: running [<path> -t filter -S --wait]: exit status 1: iptables <version> (nf_tables): table `filter' is incompatible, use 'nft' tool.",
    'failed to initialize table forwarding rules: failed to list iptables chains: running [<path> -t filter -S --wait]: exit status 1: <error>',
  ],
  needs: ['alloc.setup-failure', 'alloc.record'],
  shows: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed, 'alloc.record': { nodeName } }) => {
    const [, , table] = setupSays('iptables-nft-unrepresentable', failed) ?? []
    return table === undefined
      ? false
      : `Table ${table} of iptables on ${nodeName} holds a native nft rule, which iptables cannot read, so it writes nothing for the allocation`
  },
  byHand:
    'On the client: nft -a list table ip filter (or ip nat): rules with sets, ranges or maps, which iptables never writes, and what program they belong to.',
  explains: [],
  because:
    'iptables-nft keeps its rules in the nft tables ip filter, ip nat and so on, and expects only rules there that it could have written. A program that adds native rules to those tables, with sets, ranges or maps, makes them unreadable for it: iptables stops with "incompatible", and Nomad and the CNI plugins with it. Older builds do not stop, and list a rule that is not the real one.',
  fix: ({ 'alloc.record': { nodeName, ...alloc } }) => [
    {
      do: 'Find the native rules and the program that adds them; have it use a table of its own',
      on: `client ${nodeName}`,
      run: ['nft', '-a', 'list', 'ruleset'],
      risk: 'none',
    },
    {
      do: 'Delete those rules by their handle',
      on: `client ${nodeName}`,
      risk: 'What these rules allowed or stopped changes at once',
    },
    placedAnew(alloc),
  ],
  references: [
    'https://github.com/containernetworking/plugins/issues/461',
    'https://wiki.nftables.org/wiki-nftables/index.php/Legacy_xtables_tools',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the filter table',
      given: {
        'alloc.setup-failure':
          "failed to setup alloc: pre-run hook \"network\" failed: failed to initialize table forwarding rules: failed to list iptables chains: running [/usr/sbin/iptables -t filter -S --wait]: exit status 1: iptables v1.8.9 (nf_tables): table `filter' is incompatible, use 'nft' tool.",
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'present',
    },
    {
      name: 'a match is missing',
      given: {
        'alloc.setup-failure': 'iptables: No chain/target/match by that name.',
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'absent',
    },
    {
      name: 'set up without trouble',
      given: { 'alloc.setup-failure': null, 'alloc.record': record('a1') },
      then: 'absent',
    },
  ],
})
