import { describe, expect, test } from 'vitest'
import { judge } from '../../src/engine/judge.ts'
import { faultList } from '../../src/knowledge/faults/index.ts'
import { applies, versionsText, within } from '../../src/knowledge/version.ts'
import { worldOf } from '../world.ts'

test.each<[string, string, boolean | undefined]>([
  ['1.8.4', '>= 1.8.0 < 1.9.0', true],
  ['1.9.0', '>= 1.8.0 < 1.9.0', false],
  ['1.10.2', '>= 1.8.0 < 1.9.0 || 1.10.2', true],
  ['1.10.20', '>= 1.8.0 < 1.9.0 || 1.10.2', false],
  ['v2.0.5', '> 2.0.4', true],
  ['1.8.11+ent', '<= 1.8.11', true],
  // A candidate behaves like the release it becomes.
  ['1.9.0-beta.1', '< 1.9.0', false],
  ['1.9.0-beta.1', '>= 1.9.0', true],
  ['1.9', '>= 1.9.0', true],
  ['', '>= 1.9.0', undefined],
  ['unknown', '< 1.9.0', undefined],
])('%s in %s: %s', (version, range, expected) => {
  expect(within(version, range)).toBe(expected)
})

test.each<[string, readonly string[], string, boolean | undefined]>([
  ['some client has it', ['1.8.4', '2.0.5'], '< 1.9.0', true],
  ['no client has it', ['1.9.0', '2.0.5'], '< 1.9.0', false],
  ['one client does not say', ['2.0.5', '?'], '< 1.9.0', undefined],
  ['no client at all, and the newest Nomad has it', [], '>= 1.9.0', true],
  ['no client at all, and the newest Nomad does not', [], '< 1.9.0', undefined],
])('%s', (_name, versions, range, expected) => {
  expect(applies(versions, range)).toBe(expected)
})

const versioned = faultList.filter(({ versions }) => versions?.of !== undefined)

describe.each(versioned)('$id', ({ versions, ...fault }) => {
  const of = versions?.of ?? 'node.version'
  const present = fault.examples.find(({ then }) => then === 'present')
  const given = present?.given ?? {}

  test('with an unknown version it is unknown, whatever else is known', () => {
    const without = Object.fromEntries(Object.entries(given).filter(([need]) => need !== of))
    const { world, thing } = worldOf(fault.about, without)
    expect(judge({ ...fault, versions: versions ?? { nomad: '' } }, thing, world)).toMatchObject({ verdict: 'unknown' })
  })

  test('its page says whose version decides', () => {
    expect(versionsText(versions ?? { nomad: '' })).toMatch(
      /^Nomad .+, by the version of the (client|clients|servers)$/,
    )
  })
})

/** The last version without the fault and the first one with it, or the other way round, at every border. */
const borders: Readonly<Record<string, { readonly has: readonly string[]; readonly hasNot: readonly string[] }>> = {
  'cni-path-first-dir-bad': { has: ['1.11.1'], hasNot: ['1.11.2'] },
  'mode-none-broken': { has: ['1.8.18', '1.10.6', '2.0.6'], hasNot: ['1.8.17', '1.9.0', '1.10.5'] },
  'ping-not-permitted': { has: ['0.12.12', '1.0.5'], hasNot: ['0.12.11', '1.0.0', '1.0.4'] },
  'extra-hosts-lost-or-invalid': { has: ['1.1.3'], hasNot: ['1.1.2'] },
  'dns-attr-renamed': {
    has: ['1.7.19', '1.8.11', '1.9.7', '1.10.0'],
    hasNot: ['1.7.18', '1.8.0', '1.8.10', '1.9.0', '1.9.6'],
  },
  'dns-daemon-ignored-regression': {
    has: ['1.5.16', '1.6.9', '1.7.6'],
    hasNot: ['1.5.15', '1.5.17', '1.6.8', '1.6.10', '1.7.5', '1.7.7'],
  },
  'dns-lost-after-client-restart': { has: ['1.8.17', '1.9.0', '1.10.5'], hasNot: ['1.8.18', '1.10.6', '2.0.6'] },
  // The example waits; 1.10.0 to 2.0.3 asked without a token, and got an empty list at once.
  'template-consul-no-identity': { has: ['2.0.4'], hasNot: ['1.9.9', '2.0.3'] },
  'connect-cni-network-refused': { has: ['1.10.9'], hasNot: ['1.11.0'] },
}

test('every fault that a version decides has its borders here', () => {
  expect(versioned.map(({ id }) => id).toSorted()).toEqual(Object.keys(borders).toSorted())
})

describe.each(versioned)('the borders of $id', ({ versions, ...fault }) => {
  const of = versions?.of ?? 'node.version'
  const given = fault.examples.find(({ then }) => then === 'present')?.given ?? {}
  const verdictAt = (version: string): string => {
    const value = of === 'group.client-versions' ? [version] : version
    const { world, thing } = worldOf(fault.about, { ...given, [of]: value })
    return judge({ ...fault, versions: versions ?? { nomad: '' } }, thing, world).verdict
  }
  test('are those of the agent that decides', () => {
    const { has = [], hasNot = [] } = borders[fault.id] ?? {}
    expect(has.filter((version) => verdictAt(version) !== 'present')).toEqual([])
    expect(hasNot.filter((version) => verdictAt(version) !== 'absent')).toEqual([])
  })
})
