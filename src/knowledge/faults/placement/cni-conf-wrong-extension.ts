import { readsNetworks } from '../../cni-words.ts'
import { fault } from '../../fault.ts'
import type { Member } from '../../facts.ts'
import { grave } from '../../placement.ts'

type File = { readonly name: string; readonly text?: string }
type Folder = Member<readonly File[]>

/** A file with the network that the agent does not read as a list, and the extension it should have. */
function misnamed(folders: readonly Folder[], network: string) {
  for (const { about, value: files } of folders) {
    if (files.some((file) => kind(file.name) === 'list' && (file.text === undefined || nameIn(file.text) === network)))
      continue
    const found = files.find((file) =>
      file.text === undefined
        ? kind(file.name) === 'ignored' && stem(file.name) === network
        : nameIn(file.text) === network && listed(file.text) !== (kind(file.name) === 'list'),
    )
    if (found)
      return {
        client: about.replace(/^node:/, ''),
        file: found.name,
        wanted: found.text !== undefined && !listed(found.text) ? 'conf' : 'conflist',
      }
  }
  return undefined
}

/** Only the last extension counts. Source: client/fingerprint/cni.go. */
function kind(file: string): 'list' | 'single' | 'ignored' {
  const extension = /\.([^.]+)$/.exec(file)?.[1]
  return extension === 'conflist' ? 'list' : extension === 'conf' || extension === 'json' ? 'single' : 'ignored'
}
/** `10-lan.yaml` and `lan.conflist.bak` speak of `lan`. */
const stem = (file: string) => file.replace(/^\d+-/, '').split('.')[0] ?? file

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
const nameIn = (text: string) => parsed(text)['name']
const listed = (text: string) => Array.isArray(parsed(text)['plugins'])

export const cniConfWrongExtension = fault({
  id: 'cni-conf-wrong-extension',
  about: 'group',
  title: 'The CNI file is there, but its extension keeps Nomad from reading it as a network',
  layer: 'node',
  severity: 'breaks',
  heard: [
    "error parsing configuration: missing 'type'",
    'no plugin configs found',
    'Constraint "missing network": <n> nodes excluded by filter',
  ],
  onlyWhen: {
    'group.placement': ['not-placed', 'partly'],
    'group.network.mode': ['cni'],
    'group.missing.mode': [true],
  },
  needs: ['group.network.mode-text', 'every.node.cni.configs', 'group.placement'],
  shows: ['every.node.cni.configs'],
  holds: ({ 'group.network.mode-text': mode, 'every.node.cni.configs': folders, 'group.placement': placement }) => {
    const found = misnamed(folders, mode.slice('cni/'.length))
    return found
      ? {
          says: `File ${found.file} on ${found.client} is ignored because of its extension, so ${mode} is not offered there`,
          severity: grave(placement),
        }
      : false
  },
  byHand:
    'On the client: ls -l in cni_config_dir (default /opt/cni/config). A file with a "plugins" list must end in .conflist, one with a single "type" in .conf or .json.',
  explains: ['missing-network', 'cni-network-not-on-node', 'computed-class-ineligible'],
  because:
    'The agent tells CNI files by their last extension: .conflist is read as a list of plugins, .conf and .json as a single plugin, everything else is passed over without a message. A list named .yaml, .conflist.bak or .txt is therefore no network at all; one named .json is read as a single plugin and stops the agent for want of a type. The client does not offer cni/<name>, and the job finds no place.',
  fix: ({ 'every.node.cni.configs': folders, 'group.network.mode-text': mode }) => {
    const found = misnamed(folders, mode.slice('cni/'.length))
    const file = found?.file ?? ''
    return [
      {
        do: `Rename ${file} so that it ends in .${found?.wanted ?? 'conflist'}`,
        on: `client ${found?.client ?? ''}`,
        run: [
          'mv',
          `/opt/cni/config/${file}`,
          `/opt/cni/config/${file.split('.')[0] ?? ''}.${found?.wanted ?? 'conflist'}`,
        ],
        risk: 'A file with a mistake in it keeps the agent from starting',
      },
      {
        do: readsNetworks,
        on: `client ${found?.client ?? ''}`,
        run: ['systemctl', 'restart', 'nomad'],
        risk: 'Running allocations go on',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
    'client/fingerprint/cni.go',
    'https://github.com/hashicorp/nomad/issues/23629',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a list named .yaml',
      given: {
        'group.placement': 'not-placed',
        'group.network.mode': 'cni',
        'group.network.mode-text': 'cni/lan',
        'group.missing.mode': true,
        'every.node.cni.configs': [{ about: 'node:c1', id: 'node:1', value: [{ name: '10-lan.yaml' }] }],
      },
      then: 'present',
    },
    {
      name: 'a list named .json',
      given: {
        'group.placement': 'not-placed',
        'group.network.mode': 'cni',
        'group.network.mode-text': 'cni/lan',
        'group.missing.mode': true,
        'every.node.cni.configs': [
          { about: 'node:c1', id: 'node:1', value: [{ name: 'net.json', text: '{"name":"lan","plugins":[]}' }] },
        ],
      },
      then: 'present',
    },
    {
      name: 'no file of that network',
      given: {
        'group.placement': 'not-placed',
        'group.network.mode': 'cni',
        'group.network.mode-text': 'cni/lan',
        'group.missing.mode': true,
        'every.node.cni.configs': [{ about: 'node:c1', id: 'node:1', value: [{ name: 'other.yaml' }] }],
      },
      then: 'absent',
    },
    {
      name: 'a backup beside the right file',
      given: {
        'group.placement': 'partly',
        'group.network.mode': 'cni',
        'group.network.mode-text': 'cni/lan',
        'group.missing.mode': true,
        'every.node.cni.configs': [
          {
            about: 'node:c1',
            id: 'node:1',
            value: [{ name: 'lan.conflist', text: '{"name":"lan","plugins":[]}' }, { name: 'lan.conflist.bak' }],
          },
        ],
      },
      then: 'absent',
    },
    {
      name: 'placed',
      given: {
        'group.placement': 'placed',
        'group.network.mode': 'cni',
        'group.network.mode-text': 'cni/lan',
        'group.missing.mode': false,
        'every.node.cni.configs': [],
      },
      then: 'absent',
    },
    {
      name: 'mode bridge needs no file',
      given: {
        'group.placement': 'not-placed',
        'group.network.mode': 'bridge',
        'group.network.mode-text': 'bridge',
        'group.missing.mode': true,
        'every.node.cni.configs': [{ about: 'node:c1', id: 'node:1', value: [{ name: 'bridge.yaml' }] }],
      },
      then: 'absent',
    },
  ],
})
