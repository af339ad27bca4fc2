import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import { record } from '../../samples.ts'
import { setupFailed, setupSays } from '../../setup.ts'

export const cniRetryMasksError = fault({
  id: 'cni-retry-masks-error',
  about: 'alloc',
  title: 'The error shown is that of a later attempt: the first one failed for another reason',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'container veth name ("eth0") peer provided ("<veth>") already exists',
    'container veth name provided (eth0) already exists',
  ],
  needs: ['alloc.setup-failure', 'alloc.record'],
  shows: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed, 'alloc.record': { nodeName } }) =>
    setupSays('cni-retry-masks-error', failed)
      ? `On ${nodeName} the namespace of the allocation already has its eth0: an earlier attempt made it and failed after that, and its reason stands in the log of the agent`
      : false,
  byHand:
    'In the log of the client agent: the line "failed to configure network" with attempt=1 of this allocation has the real error.',
  explains: [],
  because:
    'Nomad tries three times to set up a network. When a later plugin of the list fails (firewall or portmap, mostly for want of iptables), the bridge plugin has made eth0 already, and the next attempts stop at what is left over. The same is said when the plugins are run for a namespace that was set up before.',
  fix: ({ 'alloc.record': record }) => [
    {
      do: 'Read the first error, and set right what it names',
      on: `client ${record.nodeName}`,
      run: ['journalctl', '-u', 'nomad', '--no-pager', '--grep', 'failed to configure network'],
      risk: 'none',
    },
    {
      do: 'Replace the allocation, which starts with an empty namespace',
      on: 'cluster',
      run: allocCommand('stop', record),
      risk: 'The allocation ends; another one is placed',
    },
  ],
  references: ['client/allocrunner/networking_cni.go', 'https://github.com/hashicorp/nomad/issues/6567'],
  since: '0.1.0',
  examples: [
    {
      name: 'eth0 is left over',
      given: {
        'alloc.setup-failure': setupFailed(
          'plugin type="bridge" failed (add): container veth name ("eth0") peer provided ("veth7a3b2c1d") already exists',
        ),
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'present',
    },
    {
      name: 'the first error is shown',
      given: {
        'alloc.setup-failure': setupFailed(
          'plugin type="firewall" failed (add): could not initialize iptables protocol 1: exec: "ip6tables": executable file not found in $PATH',
        ),
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
