import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'
import { setupSays } from '../../setup.ts'
import { quoted } from '../../quoted.ts'
import { placedAnew } from '../../nomad-command.ts'

export const iptablesPermission = fault({
  id: 'iptables-permission',
  about: 'alloc',
  title: 'The client agent may not write firewall rules',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'failed to initialize table forwarding rules: failed to list iptables chains: running [<path> -t filter -S --wait]: exit status 4: <program>: Permission denied (you must be root)',
    "Fatal: can't open lock file /run/xtables.lock: Permission denied",
    'Could not fetch rule set generation id: Permission denied (you must be root)',
  ],
  needs: ['alloc.setup-failure', 'alloc.record'],
  shows: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed, 'alloc.record': { nodeName } }) => {
    const [, said] = setupSays('iptables-permission', failed) ?? []
    return said === undefined ? false : `The agent of ${nodeName} may not use iptables: ${quoted(said, 160)}`
  },
  byHand:
    'On the client: grep -E "^(Uid|CapEff)" /proc/$(pgrep -o nomad)/status (user 0 with cap_net_admin and cap_sys_admin), and cat /proc/$(pgrep -o nomad)/uid_map (0 0 4294967295).',
  explains: [],
  because:
    'To make network namespaces and write rules a process needs the capabilities SYS_ADMIN and NET_ADMIN in the namespaces of the host. A client agent that runs as another user than root, in a container without them, or in a user namespace, does not have them: it starts, offers mode bridge, and fails at the first allocation.',
  fix: ({ 'alloc.record': { nodeName, ...alloc } }) => [
    {
      do: 'Run the client agent as root on the host itself: no User= in its unit, no container and no user namespace around it',
      on: `client ${nodeName}`,
      risk: 'The agent restarts',
    },
    placedAnew(alloc),
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/deploy/production/requirements',
    'client/allocrunner/networking_iptables.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'an agent that is not root',
      given: {
        'alloc.setup-failure':
          'failed to setup alloc: pre-run hook "network" failed: failed to initialize table forwarding rules: failed to list iptables chains: running [/usr/sbin/iptables -t filter -S --wait]: exit status 4: iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)',
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'present',
    },
    {
      name: 'a plugin may not be executed',
      given: {
        'alloc.setup-failure':
          'plugin type="bridge" failed (add): netplugin failed with no error message: fork/exec /opt/cni/bin/bridge: permission denied',
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
