import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalPath, keyOf } from '../../src/ask/canonical.ts'
import { nomad } from '../../src/ask/nomad.ts'

it('spells a path once', () => {
  expect(canonicalPath('/v1/job/web?namespace=default')).toBe('/v1/job/web')
  expect(canonicalPath('/v1/job/web%2fa(1)/allocations?namespace=prod&all=true')).toBe(
    canonicalPath('/v1/job/web%2Fa%281%29/allocations?all=true&namespace=prod'),
  )
  expect(canonicalPath('/v1/client/fs/ls/x?path=/')).toBe(canonicalPath('/v1/client/fs/ls/x?path=%2F'))
  expect(canonicalPath('/v1/jobs?namespace=*')).toBe('/v1/jobs?namespace=*')
  expect(canonicalPath('/v1/job/100%')).toBe('/v1/job/100%')
})
it('keeps different questions apart', () => {
  expect(keyOf(nomad.job('a/b'))).not.toBe(keyOf({ via: 'nomad', path: '/v1/job/a/b' }))
  expect(keyOf(nomad.job('a', 'prod'))).not.toBe(keyOf(nomad.job('a')))
  expect(keyOf(nomad.nodeAgent('n'))).not.toBe(keyOf(nomad.agent()))
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      expect(keyOf(nomad.job(one)) === keyOf(nomad.job(other))).toBe(one === other)
    }),
  )
})
