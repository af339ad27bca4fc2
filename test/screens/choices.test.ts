import { expect, test } from 'vitest'
import { clusterId, jobId } from '../../src/knowledge/things.ts'
import { choices } from '../../src/screens/choices.ts'
import type { At } from '../../src/screens/screen.ts'

const known = (value: unknown) => ({ known: true, value })
const facts = new Map([
  [clusterId, new Map([['cluster.jobs', known([{ id: 'shop', namespace: 'default', groups: ['web'] }])]])],
  [jobId('shop', 'default'), new Map([['job.spec', known({ groups: [{ name: 'web', tasks: [{ name: 'loop' }] }] })]])],
])
const found = (query: string) =>
  choices({ state: { draft: { field: 'to' }, facts }, frame: { query } } as unknown as At).map(({ label }) => label)

test('words of a name and of what stands beside it find it together', () => {
  expect(found('shop loop')[0]).toBe('shop/web')
  expect(found('loop shop')[0]).toBe('shop/web')
  expect(found('shop other')).not.toContain('shop/web')
})
