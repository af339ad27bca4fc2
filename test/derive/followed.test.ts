import { expect, test } from 'vitest'
import { derive } from '../../src/derive/derive.ts'
import { followedDerivation } from '../../src/derive/walk/followed.ts'
import { worldOf, type GivenValues } from '../world.ts'

const places = { c1: { kind: 'client', label: 'client c1', node: 'n1' } }
const whole: GivenValues = {
  'path.network': { topology: { namespaces: {}, joins: [] }, places },
  'path.walks': [],
  'path.dials': [{ host: '10.0.0.1', port: 80, from: 'case' }],
  'path.registered': [],
  'path.port': { label: 'http', number: null, mapped: null },
  'path.caller-namespace': 'outside',
  'every.node.allocations': [],
}

function followed(given: GivenValues, names: Readonly<Record<string, string>> = { caller: 'outside' }) {
  const { world, thing } = worldOf('path', given)
  const path = { ...thing, names }
  const grown = derive({ ...world, things: new Map([...world.things, [path.id, path]]) }, [followedDerivation])
  return grown.facts.get(path.id)?.get('path.followed')
}

test('every address and the start are known', () => {
  expect(followed(whole)).toMatchObject({ known: true, value: true })
})

test.each(['path.dials', 'path.registered', 'path.port'] as const)('an address may be missing while %s is', (gone) => {
  const { [gone]: _, ...given } = whole
  expect(followed(given)).not.toMatchObject({ known: true })
})

test('a name that nobody resolved stands for addresses that are missing', () => {
  const dials = [{ host: 'orders.example', port: 80, from: 'case' }]
  expect(followed({ ...whole, 'path.dials': dials })).toMatchObject({ known: false })
})

test('the start is missing where the caller runs in a place that was not read', () => {
  expect(followed({ ...whole, 'path.caller-namespace': 'host' })).toMatchObject({ known: false })
})

test('where nobody is named, nobody else will call', () => {
  expect(followed({ ...whole, 'path.dials': [{ host: 'orders.example', from: 'case' }] }, {})).toMatchObject({
    known: true,
  })
})
