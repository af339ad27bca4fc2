import { describe, expect, test } from 'vitest'
import { group, record } from '../../src/knowledge/samples.ts'
import { derived, valueOf, nobody, modes } from './path-cases.ts'

describe('path.modes: one word for the network modes', () => {
  test.each([
    ['both alike', 'bridge', 'bridge', 'bridge'],
    ['two modes', 'host', 'bridge', 'mixed'],
    ['a source outside: the mode of the target', null, 'host', 'host'],
    ['a target that is no allocation', 'bridge', null, 'outside'],
    ['nothing is said while one side is not known', 'bridge', undefined, undefined],
    ['nor while the other is not', undefined, 'bridge', undefined],
    ['a misspelt mode is none', 'bridge', 'other', undefined],
  ])('%s', (_, source, target, expected) => {
    expect(valueOf(derived('path.modes', modes(source, target)))).toBe(expected)
  })
})

describe('path.place: where the source is', () => {
  const both = {
    'source.alloc': 'alloc:1',
    'target.alloc': 'alloc:1',
    'source.node': 'node:1',
    'target.node': 'node:1',
  }
  test.each([
    ['two tasks of one allocation', { ...both, 'source.task': 'a', 'target.task': 'b' }, 'same-alloc'],
    ['one task', { ...both, 'source.task': 'a', 'target.task': 'a' }, 'same-task'],
    ['two allocations of one client', { ...both, 'target.alloc': 'alloc:2' }, 'same-client'],
    ['two clients', { ...both, 'target.alloc': 'alloc:2', 'target.node': 'node:2' }, 'other-client'],
    ['the client itself', { ...both, ...nobody, 'source.node': 'node:1' }, 'same-client'],
    ['outside', { ...both, ...nobody }, 'outside'],
    [
      'a target that runs nowhere',
      { ...both, 'target.alloc': null, 'target.node': null, 'target.group': 'g' },
      undefined,
    ],
    ['a client that is not known yet', { 'source.node': 'node:1' }, undefined],
  ])('%s', (_, links, expected) => {
    expect(valueOf(derived('path.place', { links }))).toBe(expected)
  })

  test('nobody is named as the source', () => {
    expect(valueOf(derived('path.place', { names: {}, links: { ...both, ...nobody } }))).toBeUndefined()
  })
})

describe('path.port: the port asked about, as declared and as given', () => {
  const spec = group({ network: { mode: 'bridge', ports: [{ label: 'http', to: 8080, hostNetwork: 'default' }] } })
  const mapped = record('a1').ports[0]
  test.each([
    ['by its label', 'http', { label: 'http', number: null, mapped }],
    ['by the number inside', '8080', { label: 'http', number: 8080, mapped }],
    ['by the number on the host', 25000, { label: 'http', number: 25000, mapped }],
    ['by a number that is nobody’s', 9000, { label: null, number: 9000, mapped: null }],
    ['not at all: the service says it', undefined, { label: 'http', number: null, mapped }],
  ])('%s', (_, port, expected) => {
    const given = { 'target.group.spec': spec, 'target.alloc.record': record('a1') }
    expect(valueOf(derived('path.port', { given, names: port === undefined ? {} : { port } }))).toEqual(expected)
  })

  test('an allocation that is not known leaves it open; none at all does not', () => {
    const given = { 'target.group.spec': spec }
    expect(valueOf(derived('path.port', { given }))).toBeUndefined()
    expect(valueOf(derived('path.port', { given, links: { 'target.alloc': null } }))).toEqual({
      label: 'http',
      number: null,
      mapped: null,
    })
  })
})
