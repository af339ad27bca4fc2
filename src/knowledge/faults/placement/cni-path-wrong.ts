import { clientText } from '../../agent.ts'
import { clientOf } from '../../clients.ts'
import { each, stepsOf } from '../../each.ts'
import { edits, reword } from '../../edit.ts'
import { fault, type Wrong } from '../../fault.ts'

type Agent = Readonly<Record<string, unknown>>

function foldersOf(agent: Agent): readonly { readonly key: string; readonly path: string }[] {
  const drive = /^[A-Za-z]:/.test(clientText(agent, 'CNIPath'))
  return [
    ...clientText(agent, 'CNIPath')
      .split(drive ? ';' : ':')
      .map((path) => ({ key: 'cni_path', path })),
    { key: 'cni_config_dir', path: clientText(agent, 'CNIConfigDir') },
  ].filter(({ path }) => path !== '')
}

/** It counts from where the agent was started. */
const isRelative = (path: string): boolean => !/^(?:\/|[A-Za-z]:|\\)/.test(path)

/** Programs of the CNI project and of Nomad, each a file in one of the folders. */
const programs =
  /^(.+)\/(?:bandwidth|bridge|consul-cni|dhcp|firewall|host-device|host-local|ipvlan|loopback|macvlan|portmap|ptp|sbr|static|tap|tuning|vlan|vrf)$/

/** Each folder that is none, and what is meant instead. */
function wrongs(own: Agent): readonly Wrong[] {
  return foldersOf(own).flatMap(({ key, path }) => {
    const [, folder] = (key === 'cni_path' && programs.exec(path)) || []
    const meant = folder ?? (isRelative(path) ? `/${path}` : undefined)
    if (meant === undefined) return []
    const why =
      folder === undefined
        ? 'without a leading slash: the client looks below the folder it is started in'
        : 'which is a plugin: the client wants the folder that the plugins are in'
    return [
      {
        says: `${key} is "${path}", ${why}`,
        at: [clientOf(own), key] as const,
        fix: [
          {
            do: folder === undefined ? `Write ${key} with a leading slash: "${meant}"` : `Write the folder: "${meant}"`,
            on: 'client configuration',
            risk: 'The client agent has to be restarted',
            ...edits([reword(clientOf(own), key, path, meant)], 'the folder is not written out'),
          },
        ],
      },
    ]
  })
}
const agent = (path: string, config = '/opt/cni/config'): Agent => ({ Client: { CNIPath: path, CNIConfigDir: config } })

export const cniPathWrong = fault({
  id: 'cni-path-wrong',
  about: 'node',
  title: 'A CNI folder of the client is no absolute path of a folder',
  layer: 'node',
  severity: 'breaks',
  heard: ['cni_path = "opt/cni/bin"', 'cni_config_dir = "opt/cni/config"', 'failed to read CNI plugins directory'],
  onlyWhen: { 'node.cni.reported': [false] },
  needs: ['node.agent'],
  holds: ({ 'node.agent': own }) => {
    const [wrong] = wrongs(own)
    return wrong ? `${wrong.says}; it reports no CNI plugin` : false
  },
  byHand:
    'curl the agent: /v1/agent/self has CNIPath and CNIConfigDir under Client; each folder has to start with a slash and to exist (ls -l).',
  explains: ['cni-plugins-not-fingerprinted', 'cni-network-not-on-node', 'missing-network'],
  because:
    'cni_path and cni_config_dir are used as they are written. A path without a leading slash counts from the working folder of the agent, which its unit decides; an example in the documentation was printed that way. The client then finds no plugins and no networks, says so in its log only, and is left out for every bridge job. The path of a plugin in the place of its folder does the same.',
  fix: ({ 'node.agent': own }) => [
    ...stepsOf(wrongs(own)).map(({ do: what, on }) => ({ do: what, on, risk: 'none' })),
    {
      do: 'Restart the Nomad agent, which looks for plugins and networks at start',
      on: 'client',
      run: ['systemctl', 'restart', 'nomad'],
      risk: 'Running allocations go on',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#cni_path',
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
    'https://github.com/hashicorp/nomad/issues/7227',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'no leading slash, and no plugins',
      given: { 'node.agent': agent('opt/cni/bin'), 'node.cni.reported': false },
      then: 'present',
    },
    {
      name: 'no leading slash, and it works by chance',
      given: { 'node.agent': agent('opt/cni/bin', 'opt/cni/config'), 'node.cni.reported': true },
      then: 'absent',
    },
    {
      name: 'two absolute folders',
      given: { 'node.agent': agent('/opt/cni/bin:/usr/libexec/cni'), 'node.cni.reported': false },
      then: 'absent',
    },
    { name: 'none is set', given: { 'node.agent': agent('', ''), 'node.cni.reported': false }, then: 'absent' },
  ],
  foretold: {
    about: 'node',
    needs: ['node.agent'],
    holds: ({ 'node.agent': own }) => each(wrongs(own)),
    fix: ({ 'node.agent': own }) => stepsOf(wrongs(own)),
    examples: [
      { name: 'no leading slash', given: { 'node.agent': agent('opt/cni/bin') }, then: 'present' },
      { name: 'a plugin for its folder', given: { 'node.agent': agent('/opt/cni/bin/bridge') }, then: 'present' },
      { name: 'absolute', given: { 'node.agent': agent('/opt/cni/bin') }, then: 'absent' },
    ],
  },
})
