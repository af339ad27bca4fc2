import { clientText } from '../../agent.ts'
import { clientOf } from '../../clients.ts'
import { edits, reword } from '../../edit.ts'
import { fault } from '../../fault.ts'

type Agent = Readonly<Record<string, unknown>>

/** A folder of the client block that is no absolute path: it counts from where the agent was started. */
function relative(agent: Agent) {
  const folders = [
    ...clientText(agent, 'CNIPath')
      .split(':')
      .map((path) => ({ key: 'cni_path', path })),
    { key: 'cni_config_dir', path: clientText(agent, 'CNIConfigDir') },
  ]
  return folders.find(({ path }) => path !== '' && !/^(?:\/|[A-Za-z]:|\\)/.test(path))
}

const slashed = (own: Agent) => {
  const wrong = relative(own)
  return wrong && [reword(clientOf(own), wrong.key, wrong.path, `/${wrong.path}`)]
}
const agent = (path: string, config = '/opt/cni/config'): Agent => ({ Client: { CNIPath: path, CNIConfigDir: config } })

export const cniPathWrong = fault({
  id: 'cni-path-wrong',
  about: 'node',
  title: 'A CNI folder of the client is no absolute path',
  layer: 'node',
  severity: 'breaks',
  heard: ['cni_path = "opt/cni/bin"', 'cni_config_dir = "opt/cni/config"', 'failed to read CNI plugins directory'],
  onlyWhen: { 'node.cni.reported': [false] },
  needs: ['node.agent'],
  holds: ({ 'node.agent': own }) => {
    const wrong = relative(own)
    return wrong
      ? `${wrong.key} is "${wrong.path}", without a leading slash: the client looks below the folder it was started in, and reports no CNI plugin`
      : false
  },
  byHand:
    'curl the agent: /v1/agent/self has CNIPath and CNIConfigDir under Client; each folder has to start with a slash and to exist (ls -l).',
  explains: ['cni-plugins-not-fingerprinted', 'cni-network-not-on-node', 'missing-network'],
  because:
    'cni_path and cni_config_dir are used as they are written. A path without a leading slash counts from the working folder of the agent, which its unit decides; an example in the documentation was printed that way. The client then finds no plugins and no networks, says so in its log only, and is left out for every bridge job.',
  fix: ({ 'node.agent': own }) => [
    {
      do: `Write ${relative(own)?.key ?? 'the folder'} with a leading slash: "/${relative(own)?.path ?? ''}"`,
      on: 'client configuration',
      risk: 'none',
    },
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
    holds: ({ 'node.agent': own }) => {
      const wrong = relative(own)
      return wrong
        ? `${wrong.key} is "${wrong.path}", without a leading slash: the client looks below the folder it is started in`
        : false
    },
    fix: ({ 'node.agent': own }) => [
      {
        do: `Write ${relative(own)?.key ?? 'the folder'} with a leading slash: "/${relative(own)?.path ?? ''}"`,
        on: 'client configuration',
        risk: 'The client agent has to be restarted',
        ...edits(slashed(own), 'the folder is not written out'),
      },
    ],
    examples: [
      { name: 'no leading slash', given: { 'node.agent': agent('opt/cni/bin') }, then: 'present' },
      { name: 'absolute', given: { 'node.agent': agent('/opt/cni/bin') }, then: 'absent' },
    ],
  },
})
