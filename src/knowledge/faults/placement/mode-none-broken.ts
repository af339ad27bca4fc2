import { edits, remove, set } from '../../edit.ts'
import type { Edit } from '../../edit.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import { fault } from '../../fault.ts'
import { group } from '../../samples.ts'
import { within } from '../../version.ts'

/** Source: client/allocrunner/network_hook.go. */
const broken = '>= 1.10.6 || >= 1.8.18 < 1.9.0'

/** The same for docker: no network block, and containers without a network. */
function asDocker({ network, tasks }: GroupSpec): readonly Edit[] | undefined {
  if (!network || network.ports.length > 0 || !tasks.every(({ driver }) => driver === 'docker')) return undefined
  return [remove(network), ...tasks.map(({ config }) => set(config, 'network_mode', 'none'))]
}

export const modeNoneBroken = fault({
  id: 'mode-none-broken',
  about: 'group',
  title: 'Network mode none does not start on this version of Nomad',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'failed to setup alloc: pre-run hook "network" failed: network already configured but not found in state',
    'network already configured but not found in state',
  ],
  onlyWhen: { 'group.network.mode': ['none'] },
  needs: ['group.client-versions', 'group.spec'],
  holds: ({ 'group.client-versions': versions, 'group.spec': { name, network } }) => {
    const bad = versions.filter((version) => within(version, broken))
    const says = `Group ${name} has network mode "none", which fails in the network hook of ${bad.length > 0 ? `Nomad ${bad.join(', ')}` : 'Nomad 1.10.6 and newer, and of 1.8.18 and newer in the 1.8 series'}: no task of it starts`
    const at = [network ?? {}, 'mode'] as const
    return bad.length < versions.length ? { says, at, severity: 'degrades' } : { says, at }
  },
  byHand: 'nomad alloc status <alloc>: event Setup Failure with "network already configured but not found in state".',
  explains: [],
  because:
    'In mode none Nomad makes a network namespace and configures nothing in it. Since the network of an allocation is restored after a restart of the agent, the hook takes the empty outcome for a network that was set up before, looks for it in its state, and gives up when there is none. Every allocation of the group fails before its first task.',
  fix: ({ 'group.spec': spec }) => [
    {
      do: 'For docker tasks: delete the network block of the group and set network_mode = "none" in the docker config',
      on: 'job file',
      risk: 'The allocation is replaced',
      ...edits(asDocker(spec), 'only docker can do the same without the group'),
    },
    {
      do: 'Otherwise use mode = "bridge" without any port: nothing is mapped into it, though it can call out',
      on: 'job file',
      risk: 'The tasks can reach the network',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#mode',
    'client/allocrunner/network_hook.go',
  ],
  versions: { nomad: broken, of: 'group.client-versions' },
  since: '0.1.0',
  examples: [
    {
      name: 'a client with 2.0.5',
      given: {
        'group.network.mode': 'none',
        'group.client-versions': ['2.0.5'],
        'group.spec': group({ network: { mode: 'none', ports: [] } }),
      },
      then: 'present',
    },
    {
      name: 'no client is known',
      given: {
        'group.network.mode': 'none',
        'group.client-versions': [],
        'group.spec': group({ network: { mode: 'none', ports: [] } }),
      },
      then: 'present',
    },
    {
      name: 'clients with 1.9.7',
      given: {
        'group.network.mode': 'none',
        'group.client-versions': ['1.9.7'],
        'group.spec': group({ network: { mode: 'none', ports: [] } }),
      },
      then: 'absent',
    },
    {
      name: 'a bridge',
      given: { 'group.network.mode': 'bridge', 'group.client-versions': ['2.0.5'], 'group.spec': group() },
      then: 'absent',
    },
  ],
})
