import { edits, set } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { group } from '../../samples.ts'

const upper = (mode: string): boolean => mode.startsWith('cni/') && /[A-Z]/.test(mode.slice('cni/'.length))
const given = (mode: string) =>
  ({
    'group.network.mode': mode.startsWith('cni/') ? 'cni' : 'bridge',
    'group.network.mode-text': mode,
    'group.spec': group({ network: { mode, ports: [] } }),
  }) as const

export const cniNameUppercase = fault({
  id: 'cni-name-uppercase',
  about: 'group',
  title: 'The name of the CNI network has upper-case letters, which the client does not find',
  layer: 'job',
  severity: 'breaks',
  heard: [
    'Unable to add allocation due to error: failed to initialize network configurator: failed to load CNI config: CNI network config not found for name "<name>"',
  ],
  onlyWhen: { 'group.network.mode': ['cni'] },
  needs: ['group.network.mode-text', 'group.spec'],
  shows: ['group.network.mode-text'],
  holds: ({ 'group.network.mode-text': mode, 'group.spec': { name, network } }) =>
    upper(mode)
      ? {
          says: `Group ${name} asks for ${mode}; the client looks for "${mode.slice('cni/'.length).toLowerCase()}", so no network with upper-case letters is ever found`,
          at: [network ?? {}, 'mode'],
        }
      : false,
  byHand: 'Compare mode in the network block, letter by letter, with "name" in the CNI file: both must be lower case.',
  explains: [
    'missing-network',
    'cni-network-not-on-node',
    'cni-conf-removed-stale-node',
    'alloc-rejected-by-client',
    'computed-class-ineligible',
  ],
  because:
    'A client offers a CNI network under the name in its file, as it is written there, and the scheduler compares it with the mode of the group letter by letter. When the allocation starts, the client turns the mode into lower case before it looks for the file again. A name with upper-case letters therefore is either not found by the scheduler, or found by it and then refused by the client, without any event of a task.',
  fix: ({ 'group.network.mode-text': mode, 'group.spec': { network } }) => [
    {
      do: `Write the name in lower case in the CNI file of every client, and restart their agents: "name": "${mode.slice('cni/'.length).toLowerCase()}"`,
      on: 'CNI configuration of the clients',
      risk: 'Running allocations go on',
    },
    {
      do: `Write mode = "${mode.toLowerCase()}" in the network block`,
      on: 'job file',
      risk: 'none',
      ...edits(network && [set(network, 'mode', mode.toLowerCase())], 'the network is not written out'),
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#mode',
    'client/allocrunner/network_manager_linux.go',
    'client/fingerprint/cni.go',
  ],
  since: '0.1.0',
  examples: [
    { name: 'an upper-case letter', given: given('cni/Storage'), then: 'present' },
    { name: 'lower case', given: given('cni/storage'), then: 'absent' },
    { name: 'mode bridge', given: given('bridge'), then: 'absent' },
  ],
})
