import { stopped } from '../../crossing-samples.ts'
import { deletion } from '../../deletion.ts'
import { fault, type FixStep } from '../../fault.ts'
import { isFirewalld } from '../../firewalld.ts'
import type { Stop } from '../../shapes/crossing.ts'

const opens = 'What the rule was for is open until it stands below: look at it first'

/** The rule itself where it stands in FORWARD; a chain that FORWARD jumps to may serve others, so its rule is deleted there. */
function removal(stop: Stop | undefined): Pick<FixStep, 'run' | 'risk'> {
  if (!stop) return { risk: opens }
  const run = deletion('iptables', 'filter', stop.chain, stop.rule)
  const look = `iptables -S ${stop.chain}`
  return run
    ? { run, risk: `${opens} (${look})` }
    : {
        run: ['iptables', '-D', 'FORWARD', String(stop.at ?? 1)],
        risk: `Numbers shift with every rule added or removed above: make sure that iptables -S FORWARD ${stop.at ?? 1} still prints this rule. ${opens} (${look})`,
      }
}

export const forwardRejectBeforeCni = fault({
  id: 'forward-reject-before-cni',
  about: 'path',
  title: 'A rule above CNI-FORWARD stops packets of Nomad allocations',
  layer: 'node',
  severity: 'breaks',
  heard: ['-A FORWARD -j REJECT --reject-with icmp-host-prohibited', 'No route to host'],
  needs: ['path.forward'],
  holds: ({ 'path.forward': at }) => {
    if (at?.stop.by !== 'iptables' || at.stop.table !== 'filter' || at.stop.at === null || at.cni.forwardJump === null)
      return false
    if (
      at.way.mode === 'host' ||
      at.stop.at > at.cni.forwardJump ||
      at.stop.via.includes('DOCKER-USER') ||
      at.stop.via.includes('CNI-FORWARD') ||
      isFirewalld({ ...at.stop, jumps: at.stop.via })
    )
      return false
    return `On ${at.way.node} rule ${at.stop.at} of FORWARD stops what goes from ${at.way.in} to ${at.way.out} (${at.stop.rule ?? at.stop.chain}); the jump to CNI-FORWARD is rule ${at.cni.forwardJump}`
  },
  byHand:
    'On the client: iptables -nvL FORWARD --line-numbers shows a DROP or REJECT (or a chain that ends in one) above the jump to CNI-FORWARD.',
  explains: ['node-to-node-blocked'],
  because:
    'The firewall plug-in puts its jump to the top of FORWARD when it is not there yet, and never again. Whatever is inserted at the top later comes first: hardening that is run again, a VPN, fail2ban, kube-router. When such a rule drops or rejects, CNI-FORWARD is never asked. A REJECT with icmp-host-prohibited, as on RHEL, makes callers see "No route to host" at once.',
  fix: ({ 'path.forward': at }) => [
    {
      do: 'Delete the rule, or put it below the jump',
      on: `client ${at?.way.node ?? ''}`,
      ...removal(at?.stop),
    },
    {
      do: 'Let the tool that inserts it append instead, or accept the bridge of Nomad before',
      on: `client ${at?.way.node ?? ''}`,
      risk: 'none',
    },
  ],
  references: [
    'https://www.cni.dev/plugins/current/meta/firewall/',
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a REJECT stands above the jump',
      given: {
        'path.forward': stopped({ rule: '-A FORWARD -j REJECT', verdict: 'reject', at: 1 }, { forwardJump: 2 }),
      },
      then: 'present',
    },
    {
      name: 'it is a rule of DOCKER-USER',
      given: {
        'path.forward': stopped(
          { rule: '-A DOCKER-USER -j DROP', chain: 'DOCKER-USER', via: ['FORWARD', 'DOCKER-USER'], at: 1 },
          { forwardJump: 2 },
        ),
      },
      then: 'absent',
    },
    {
      name: 'it is a chain of firewalld',
      given: {
        'path.forward': stopped(
          {
            rule: '-A FWDI_public -j REJECT',
            chain: 'FWDI_public',
            via: ['FORWARD', 'FORWARD_IN_ZONES', 'FWDI_public'],
            at: 1,
          },
          { forwardJump: 2 },
        ),
      },
      then: 'absent',
    },
    {
      name: 'it stands below the jump',
      given: { 'path.forward': stopped({ rule: '-A FORWARD -j REJECT', at: 3 }, { forwardJump: 2 }) },
      then: 'absent',
    },
    {
      name: 'there is no jump',
      given: { 'path.forward': stopped({ rule: '-A FORWARD -j REJECT', at: 1 }, { forwardJump: null }) },
      then: 'absent',
    },
    { name: 'nothing stops it', given: { 'path.forward': null }, then: 'absent' },
  ],
})
