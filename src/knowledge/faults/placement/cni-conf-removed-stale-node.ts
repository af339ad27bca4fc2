import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'

const gone =
  /failed to load CNI config: (CNI network config not found for name "[^"]*"|no CNI network config found(?: in \S+)?)/
const refused = (why: string) =>
  `Unable to add allocation due to error: failed to initialize network configurator: failed to load CNI config: ${why}`

export const cniConfRemovedStaleNode = fault({
  id: 'cni-conf-removed-stale-node',
  about: 'alloc',
  title: 'The client still offers a CNI network whose file it no longer has',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Unable to add allocation due to error: failed to initialize network configurator: failed to load CNI config: CNI network config not found for name "<name>"',
    'failed to load CNI config: no CNI network config found in <folder>',
  ],
  needs: ['alloc.setup-failure', 'alloc.record', 'group.network.mode-text'],
  shows: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed, 'alloc.record': { nodeName }, 'group.network.mode-text': mode }) =>
    gone.test(failed ?? '')
      ? `The scheduler found ${mode} on ${nodeName}, and the client has no file for it any more: ${gone.exec(failed ?? '')?.[1] ?? ''}`
      : false,
  byHand:
    'nomad node status -verbose <node> lists the mode; on the client, grep -H name in cni_config_dir (default /opt/cni/config) finds no such network.',
  explains: ['alloc-rejected-by-client'],
  because:
    'A client tells the servers which CNI networks its files define, and looks the file up again for each allocation. What it has told is only added to: a network whose file is removed, renamed or given another name inside stays on offer until the agent restarts, a reload does not do. So allocations are placed there and refused at once, without any event of a task.',
  fix: ({ 'alloc.record': { nodeName }, 'group.network.mode-text': mode }) => [
    { do: `Put the file of ${mode} back, with that very name inside`, on: `client ${nodeName}`, risk: 'none' },
    {
      do: 'Or restart the agent, which then no longer offers the network',
      on: `client ${nodeName}`,
      run: ['systemctl', 'restart', 'nomad'],
      risk: 'Running allocations go on',
    },
  ],
  references: [
    'client/fingerprint/cni.go',
    'client/allocrunner/networking_cni.go',
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the file has another name inside',
      given: {
        'alloc.setup-failure': refused('CNI network config not found for name "lan"'),
        'alloc.record': record('a1', { clientStatus: 'failed' }),
        'group.network.mode-text': 'cni/lan',
      },
      then: 'present',
    },
    {
      name: 'the folder is empty',
      given: {
        'alloc.setup-failure': refused('no CNI network config found in /opt/cni/config'),
        'alloc.record': record('a1', { clientStatus: 'failed' }),
        'group.network.mode-text': 'cni/lan',
      },
      then: 'present',
    },
    {
      name: 'the file is there and cannot be read',
      given: {
        'alloc.setup-failure': refused(
          'failed to load CNI config list file /opt/cni/config/lan.conflist: error parsing configuration list: no name',
        ),
        'alloc.record': record('a1', { clientStatus: 'failed' }),
        'group.network.mode-text': 'cni/lan',
      },
      then: 'absent',
    },
    {
      name: 'it runs',
      given: { 'alloc.setup-failure': null, 'alloc.record': record('a1'), 'group.network.mode-text': 'cni/lan' },
      then: 'absent',
    },
  ],
})
