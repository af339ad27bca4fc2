import { edits, set } from '../../edit.ts'
import { group } from '../../samples.ts'
import { distance } from '../../distance.ts'
import { fault } from '../../fault.ts'

const modes = ['host', 'bridge', 'none'] as const

/** The mode that was probably meant: the same but for case, or one letter away; a bare CNI name otherwise. */
function likely(mode: string): string | undefined {
  const lower = mode.toLowerCase()
  if (lower.startsWith('cni/')) return `cni/${mode.slice(4)}`
  return modes.find((one) => one === lower) ?? modes.find((one) => distance(one, lower) <= 2)
}

export const modeTypoOrCase = fault({
  id: 'mode-typo-or-case',
  about: 'group',
  title: 'The network mode is none that Nomad knows: misspelt or in another case',
  layer: 'job',
  severity: 'breaks',
  heard: ['Constraint "missing network": <n> nodes excluded by filter', 'missing network'],
  onlyWhen: { 'group.network.mode': ['other'] },
  needs: ['group.network.mode-text', 'group.spec'],
  holds: ({ 'group.network.mode-text': mode, 'group.spec': { network } }) => {
    const better = likely(mode)
    const says = `Network mode "${mode}" is none of host, bridge, none and cni/<name>${better === undefined ? '' : `; "${better}" was probably meant`}`
    return network ? { says, at: [network, 'mode'] } : says
  },
  byHand:
    'Compare mode in the network block with host, bridge, none and cni/<name>, letter by letter; the scheduler does.',
  explains: ['missing-network', 'computed-class-ineligible'],
  because:
    'Nomad accepts any word as the mode of a network when the job is submitted. The scheduler then compares it letter by letter with the modes the clients offer, upper case included, and finds no client: the evaluation says "missing network". The constraints on CNI plugins that mode bridge brings along are not added either, so nothing hints at bridge networking.',
  fix: ({ 'group.network.mode-text': mode, 'group.spec': { network } }) => [
    {
      do: `Write mode = "${likely(mode) ?? 'bridge'}" in the network block of the group and run the job again`,
      on: 'job file',
      risk: 'none',
      ...edits(
        network && likely(mode) !== undefined ? [set(network, 'mode', likely(mode) ?? '')] : undefined,
        'no mode is nearly the same',
        true,
      ),
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#mode',
    'scheduler/feasible/feasible.go, NetworkChecker',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'upper case',
      given: { 'group.network.mode': 'other', 'group.network.mode-text': 'Bridge', 'group.spec': group() },
      then: 'present',
    },
    {
      name: 'misspelt',
      given: { 'group.network.mode': 'other', 'group.network.mode-text': 'bridged', 'group.spec': group() },
      then: 'present',
    },
    {
      name: "docker's word",
      given: { 'group.network.mode': 'other', 'group.network.mode-text': 'container', 'group.spec': group() },
      then: 'present',
    },
    {
      name: 'bridge',
      given: { 'group.network.mode': 'bridge', 'group.network.mode-text': 'bridge', 'group.spec': group() },
      then: 'absent',
    },
  ],
})
