import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Meets } from '../../src/knowledge/report.ts'
import { byPointing } from '../../src/knowledge/tree/pointed.ts'
import { faultOrder } from '../../src/knowledge/tree/index.ts'

const open = (id: string, about = 'path:a->b') => ({ id, about, because: [], settle: '' })
const sign = (meets: Meets) => ({ about: 'path:a->b', sentence: meets, meets, evidence: [] })
const ids = (meets: readonly Meets[], all: readonly string[]): readonly string[] =>
  byPointing(
    all.map((id) => open(id)),
    meets.map(sign),
  ).map(({ id }) => id)

test.each<[Meets, string]>([
  ['refused', 'app-binds-loopback-only'],
  ['silence', 'ip-forward-off'],
  ['no-name', 'dns-consul-not-forwarded'],
  ['not-placed', 'no-default-route'],
  ['not-up', 'iptables-binary-missing'],
])('what met %s points to its ladder: %s stands before what it says nothing of', (meets, pointed) => {
  expect(faultOrder).toContain(pointed)
  const others = ['intention-denied', 'pmtu-blackhole', 'udp-stale-conntrack'].filter((id) => id !== pointed)
  expect(ids([meets], [...others, pointed])[0]).toBe(pointed)
})

test('the strongest sign comes first, and a ladder keeps its own order', () => {
  const all = ['intention-denied', 'no-default-route', 'app-binds-loopback-only', 'wrong-to-port']
  expect(ids(['refused', 'not-placed'], all)).toEqual([
    'wrong-to-port',
    'app-binds-loopback-only',
    'no-default-route',
    'intention-denied',
  ])
  expect(ids(['not-placed', 'refused'], all)[0]).toBe('no-default-route')
})

const meets = fc.constantFrom<Meets[]>('refused', 'silence', 'no-name', 'not-placed', 'not-up', 'other')

test('nothing is lost or made up, and what no sign points to keeps its order', () => {
  fc.assert(
    fc.property(fc.array(meets), fc.array(fc.constantFrom(...faultOrder)), (signs, all) => {
      const sorted = ids(signs, all)
      expect(sorted.toSorted()).toEqual(all.toSorted())
      expect(
        byPointing(
          all.map((id) => open(id)),
          signs.map(sign),
        ),
      ).toEqual(
        byPointing(
          byPointing(
            all.map((id) => open(id)),
            signs.map(sign),
          ),
          signs.map(sign),
        ),
      )
      if (signs.every((one) => one === 'other')) expect(sorted).toEqual(all)
    }),
  )
})
