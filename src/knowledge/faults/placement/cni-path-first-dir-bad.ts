import { clientText } from '../../agent.ts'
import { fault } from '../../fault.ts'

const folders = (agent: Readonly<Record<string, unknown>>): readonly string[] =>
  clientText(agent, 'CNIPath')
    .split(':')
    .filter((path) => path !== '')

const given = (path: string, version: string, reported = false) => ({
  'node.version': version,
  'node.agent': { Client: { CNIPath: path } },
  'node.cni.reported': reported,
})

export const cniPathFirstDirBad = fault({
  id: 'cni-path-first-dir-bad',
  about: 'node',
  title: 'This version of the client gives up at the first CNI folder that it cannot use',
  layer: 'node',
  severity: 'risks',
  heard: ['failed to read CNI plugins directory'],
  onlyWhen: { 'node.cni.reported': [false] },
  needs: ['node.agent'],
  holds: ({ 'node.agent': agent }) => {
    const all = folders(agent)
    return all.length > 1
      ? `The client reports no CNI plugin, and cni_path has ${all.length} folders: if ${all[0] ?? ''} is missing or empty, it never looked into ${all[1] ?? ''}`
      : false
  },
  intended: 'where no bridge job is meant to run on the client',
  byHand:
    'On the client: ls -l in every folder of cni_path; the first one is missing or empty, and the plugins are in a later one.',
  explains: [],
  because:
    'cni_path may name several folders, and allocations are set up with the first plugin found in any of them. To report which plugins there are, a client older than 1.11.2 goes through the folders in order and stops at the first that it cannot read or that is empty. It then reports none, and is left out for every bridge job although it could run them.',
  fix: ({ 'node.agent': agent }) => [
    {
      do: `Name the folder that has the plugins first, or only that one, in cni_path (now "${folders(agent).join(':')}"), and restart the agent`,
      on: 'client configuration',
      risk: 'Running allocations go on',
    },
    { do: 'Or upgrade the client to 1.11.2 or newer', on: 'client', risk: 'Running allocations go on' },
  ],
  references: [
    'https://github.com/hashicorp/nomad/pull/27336',
    'https://developer.hashicorp.com/nomad/docs/configuration/client#cni_path',
  ],
  versions: { nomad: '< 1.11.2', of: 'node.version' },
  since: '0.1.0',
  examples: [
    {
      name: 'two folders, and no plugin reported',
      given: given('/opt/cni/bin:/usr/lib/cni', '1.10.5'),
      then: 'present',
    },
    {
      name: 'plugins are reported',
      given: given('/opt/cni/bin:/usr/lib/cni', '1.10.5', true),
      then: 'absent',
    },
    { name: 'one folder', given: given('/opt/cni/bin', '1.10.5'), then: 'absent' },
    { name: 'a newer client looks into all', given: given('/opt/cni/bin:/usr/lib/cni', '1.11.2'), then: 'absent' },
  ],
})
