import { noCni, outbound, stopped } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'

export const forwardJumpMissing = fault({
  id: 'forward-jump-missing',
  about: 'path',
  title: 'FORWARD no longer jumps to CNI-FORWARD',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Connection timed out',
    'dial tcp <address>:<port>: i/o timeout',
    'expected FORWARD rule [-m comment --comment CNI firewall plugin rules -j CNI-FORWARD] not found',
    'Chain FORWARD (policy DROP)',
  ],
  needs: ['path.forward'],
  holds: ({ 'path.forward': at }) => {
    if (
      at?.stop.by !== 'iptables' ||
      at.stop.table !== 'filter' ||
      at.cni.forwardJump !== null ||
      at.way.mode === 'host' ||
      // A network of the operator may do without the firewall plug-in; that of Nomad never does.
      at.cni.filter + (at.way.mode === 'cni' ? 0 : at.cni.nat) === 0
    )
      return false
    const by = at.stop.rule ?? `its policy ${at.stop.verdict.toUpperCase()}`
    return `On ${at.way.node} chain FORWARD has no jump to CNI-FORWARD, and ${by} stops what goes from ${at.way.in} to ${at.way.out}`
  },
  byHand:
    'On the client: iptables -S FORWARD has no line with -j CNI-FORWARD, and a policy DROP or a DROP or REJECT at its end.',
  explains: ['node-to-node-blocked'],
  because:
    'What goes to an allocation and what comes from it is accepted by rules in CNI-FORWARD, and by the one rule of Nomad in NOMAD-ADMIN that is called from there. The firewall plug-in puts the jump to CNI-FORWARD into FORWARD when a network is set up. A firewall that reloads and writes FORWARD anew takes the jump away and leaves the chain; with a policy of DROP, as docker sets it, nothing is forwarded any more until the next allocation starts there.',
  fix: ({ 'path.forward': at }) => [
    {
      do: 'Put the jump back',
      on: `client ${at?.way.node ?? ''}`,
      run: [
        'iptables',
        '-I',
        'FORWARD',
        '1',
        '-m',
        'comment',
        '--comment',
        'CNI firewall plugin rules',
        '-j',
        'CNI-FORWARD',
      ],
      risk: 'none: the plug-in writes the same rule',
    },
    {
      do: 'Keep the firewall tool from flushing FORWARD: let it use chains or a table of its own',
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
      name: 'no jump, and the policy drops',
      given: { 'path.forward': stopped({}, { forwardJump: null }) },
      then: 'present',
    },
    {
      name: "no jump on the source's client",
      given: { 'path.forward': stopped({}, { forwardJump: null }, outbound()) },
      then: 'present',
    },
    { name: 'the jump is there', given: { 'path.forward': stopped({}, { forwardJump: 1 }) }, then: 'absent' },
    { name: 'nothing of CNI is left at all', given: { 'path.forward': stopped({}, noCni) }, then: 'absent' },
    {
      name: 'another table stops it',
      given: { 'path.forward': stopped({ by: 'nftables', table: 'inet filter' }, { forwardJump: null }) },
      then: 'absent',
    },
    { name: 'nothing stops it', given: { 'path.forward': null }, then: 'absent' },
  ],
})
