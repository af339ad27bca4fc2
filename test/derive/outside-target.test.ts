import { expect, test } from 'vitest'
import { destination } from '../../src/derive/rules/door.ts'
import type { Names } from '../../src/knowledge/things.ts'
import { worldOf } from '../world.ts'

const to = (names: Names) => {
  const { thing } = worldOf('path', {})
  return destination({ ...thing, names, links: { 'target.alloc': null } }, {})
}

test.each<[Names, ReturnType<typeof to>]>([
  [
    { address: '10.0.0.200', dials: '10.0.0.200:7000' },
    { address: '10.0.0.200', port: 7000 },
  ],
  [
    { address: '10.0.0.200', dials: ':7000' },
    { address: '10.0.0.200', port: 7000 },
  ],
  [
    { address: '10.0.0.200:80', dials: ':7000' },
    { address: '10.0.0.200', port: 80 },
  ],
  [
    { address: '10.0.0.200', port: 80 },
    { address: '10.0.0.200', port: 80 },
  ],
  [{ address: '10.0.0.200' }, 'the address of 10.0.0.200 is not known'],
])('an address outside, named as %o', (names, expected) => {
  expect(to(names)).toEqual(expected)
})
