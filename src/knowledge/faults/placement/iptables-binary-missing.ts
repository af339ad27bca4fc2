import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'
import { setupFailed, setupSays } from '../../setup.ts'
import { placedAnew } from '../../nomad-command.ts'

export const iptablesBinaryMissing = fault({
  id: 'iptables-binary-missing',
  about: 'alloc',
  title: 'The client agent finds no iptables program',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'failed to initialize table forwarding rules: exec: "iptables": executable file not found in $PATH',
    'plugin type="bridge" failed (add): failed to locate iptables: exec: "iptables": executable file not found in $PATH',
    'plugin type="firewall" failed (add): could not initialize iptables protocol 1: exec: "ip6tables": executable file not found in $PATH',
  ],
  needs: ['alloc.setup-failure', 'alloc.record'],
  shows: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed, 'alloc.record': { nodeName } }) => {
    const [, program] = setupSays('iptables-binary-missing', failed) ?? []
    return program === undefined
      ? false
      : `The agent of ${nodeName} looked for ${program} in its PATH and did not find it, so no rule for the allocation could be written`
  },
  byHand:
    'On the client: the PATH of the agent itself, tr "\\0" "\\n" < /proc/$(pgrep -o nomad)/environ; which iptables ip6tables with that PATH.',
  explains: [],
  because:
    'Nomad and the plugins bridge, firewall and portmap write their rules with the programs iptables and ip6tables, both of them, even where only IPv4 is used. They look in the PATH of the agent, which a unit file may have made shorter than that of your shell: /usr/sbin is what is mostly missing. Distributions with nftables alone may have neither.',
  fix: ({ 'alloc.record': { nodeName, ...alloc } }) => [
    { do: 'Install the package iptables, which has ip6tables too', on: `client ${nodeName}`, risk: 'none' },
    {
      do: 'If it is there: add /usr/sbin and /sbin to PATH in the unit of the agent (Environment=PATH=...), and restart the agent',
      on: `client ${nodeName}`,
      risk: 'Running allocations go on',
    },
    placedAnew(alloc),
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
    'client/allocrunner/networking_bridge_linux.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'Nomad itself does not find it',
      given: {
        'alloc.setup-failure':
          'failed to setup alloc: pre-run hook "network" failed: failed to initialize table forwarding rules: exec: "iptables": executable file not found in $PATH',
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'present',
    },
    {
      name: 'only ip6tables is missing',
      given: {
        'alloc.setup-failure': setupFailed(
          'plugin type="firewall" failed (add): could not initialize iptables protocol 1: exec: "ip6tables": executable file not found in $PATH',
        ),
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'present',
    },
    {
      name: 'it may not be used',
      given: {
        'alloc.setup-failure':
          'failed to initialize table forwarding rules: failed to list iptables chains: running [/usr/sbin/iptables -t filter -S --wait]: exit status 4: Fatal: Permission denied (you must be root)',
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
