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
