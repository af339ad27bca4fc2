import { stopped } from '../../crossing-samples.ts'
import { deletion } from '../../deletion.ts'
import { fault, type FixStep } from '../../fault.ts'
import type { Stopped } from '../../shapes/crossing.ts'

/** What stops the packet: the rule itself, or the policy where no rule does. */
function lift({ way, stop: { table, chain, rule } }: Stopped): FixStep {
  const on = `client ${way.node}`
  const risk = 'What the legacy rules protected is decided by iptables-nft alone'
  if (rule === null) {
    const run = ['iptables-legacy', '-t', table, '-P', chain, 'ACCEPT']
    return { do: `Let the legacy ${chain} chain accept what no rule of it decides`, on, run, risk }
  }
  const run = deletion('iptables-legacy', table, chain, rule)
  const how = run ? '' : `; iptables-legacy -t ${table} -nvL ${chain} --line-numbers shows its number, for -D`
  return { do: `Remove the legacy rule that stops it${how}`, on, ...(run ? { run } : {}), risk }
}

export const iptablesBackendSplit = fault({
  id: 'iptables-backend-split',
  about: 'path',
  title: 'Rules of iptables-legacy act beside those of iptables-nft and stop the packets',
  layer: 'node',
  severity: 'breaks',
  heard: ['# Warning: iptables-legacy tables present, use iptables-legacy-save to see them'],
  needs: ['path.forward'],
  holds: ({ 'path.forward': at }) =>
    at?.stop.by === 'iptables-legacy'
      ? `On ${at.way.node} iptables-legacy has rules of its own, and ${at.stop.rule ?? `its policy ${at.stop.verdict.toUpperCase()} of ${at.stop.chain}`} stops what goes from ${at.way.in} to ${at.way.out}, while Nomad, CNI and docker use iptables-nft`
      : false,
  byHand:
    'On the client: iptables-save warns "iptables-legacy tables present"; iptables-legacy-save prints a FORWARD policy DROP or rules that drop.',
  explains: ['node-to-node-blocked'],
  because:
    'The kernel has two sets of tables for iptables, and both see every packet. The command iptables writes to one of them, by the alternative that is set, and lists only that one. When an old script, another package or a switch of the alternative wrote to the other set, its DROP policy stops everything that is forwarded, and the rules one lists look right.',
  fix: ({ 'path.forward': at }) => [
    { do: 'Look at the other set', on: `client ${at?.way.node ?? ''}`, run: ['iptables-legacy-save'], risk: 'none' },
    ...(at ? [lift(at)] : []),
    {
      do: 'Move the script to the backend that Nomad and docker use, and reboot once all do',
      on: `client ${at?.way.node ?? ''}`,
      risk: 'Allocations restart with the client',
    },
  ],
  references: [
    'https://wiki.nftables.org/wiki-nftables/index.php/Legacy_xtables_tools',
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the legacy policy drops',
      given: { 'path.forward': stopped({ by: 'iptables-legacy', rule: null }) },
      then: 'present',
    },
    {
      name: 'a legacy rule drops',
      given: {
        'path.forward': stopped({
          by: 'iptables-legacy',
          rule: '-A FORWARD -p tcp -m tcp --dport 8080 -j DROP',
        }),
      },
      then: 'present',
    },
    { name: 'the listed rules drop', given: { 'path.forward': stopped() }, then: 'absent' },
    { name: 'nothing stops it', given: { 'path.forward': null }, then: 'absent' },
  ],
})
