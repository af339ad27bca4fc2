import { pluginFolders } from '../../cni-words.ts'
import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'
import { placedAnew } from '../../nomad-command.ts'

const missing = /failed to find plugin "([^"]+)" in path \[([^\]]*)\]/

export const cniPluginMissing = fault({
  id: 'cni-plugin-missing',
  about: 'alloc',
  title: 'A CNI plugin that the network needs is not on the client',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'failed to find plugin "<plugin>" in path [<folders>]',
    'plugin type="loopback" failed (add): failed to find plugin "loopback" in path [/opt/cni/bin]',
    'plugin type="bridge" failed (add): failed to find plugin "host-local" in path [/opt/cni/bin]',
  ],
  needs: ['alloc.setup-failure', 'alloc.record'],
  shows: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed }) => {
    const [, plugin, folders] = missing.exec(failed ?? '') ?? []
    return plugin === undefined
      ? false
      : `The client looked for the CNI plugin ${plugin} in ${folders === '' ? 'no folder at all' : folders} and did not find it`
  },
  byHand: `On the client: ls -l in every folder of cni_path (default ${pluginFolders}): bridge, firewall, host-local, loopback, portmap, and what a CNI file of your own names as type.`,
  explains: [],
  because:
    'The network of a group is built by small programs, one after the other: loopback, bridge (which calls host-local for an address), firewall and portmap. Nomad runs them from the folders of cni_path each time an allocation starts. The constraint on plugin versions rests on what the agent saw at its start, so a program that was removed since, or one that only a CNI file names, is missed when the allocation is already there.',
  fix: ({ 'alloc.setup-failure': failed, 'alloc.record': alloc }) => {
    const [, plugin = '', folders = ''] = missing.exec(failed ?? '') ?? []
    return [
      {
        do: `Install the CNI plugin ${plugin} into ${folders.split(/[\s:,]+/)[0] || '/opt/cni/bin'}, best the whole package of reference plugins`,
        on: 'client',
        risk: 'none',
      },
      {
        ...placedAnew(alloc),
        note: 'No restart of the agent is needed for that; the versions which the client reports are read at its start, since 1.11.2 also at a reload (SIGHUP)',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
    'https://github.com/hashicorp/nomad/issues/6319',
    'https://github.com/hashicorp/nomad/issues/14022',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'host-local was removed',
      given: {
        'alloc.record': record('a1'),
        'alloc.setup-failure':
          'failed to setup alloc: pre-run hook "network" failed: failed to configure networking for alloc: failed to configure network: plugin type="bridge" failed (add): failed to find plugin "host-local" in path [/opt/cni/bin]',
      },
      then: 'present',
    },
    {
      name: 'it is there and cannot be executed',
      given: {
        'alloc.record': record('a1'),
        'alloc.setup-failure':
          'failed to configure network: plugin type="bridge" failed (add): fork/exec /opt/cni/bin/bridge: exec format error',
      },
      then: 'absent',
    },
    {
      name: 'set up without trouble',
      given: { 'alloc.record': record('a1'), 'alloc.setup-failure': null },
      then: 'absent',
    },
  ],
})
