import { expect, test } from 'vitest'
import { nothingTold } from '../../src/knowledge/told.ts'
import { gather, picture } from '../../src/run/loop.ts'
import { opened, recordings } from '../recordings.ts'

const found = async (...nodes: readonly string[]) => {
  const recording = recordings.find(({ id }) => id === 'wrong-to-port')
  if (!recording) throw new Error('no such recording')
  const aim = {
    kind: 'survey',
    nodes,
    jobs: [
      { id: 'orders-api', namespace: 'default' },
      { id: 'checkout', namespace: 'default' },
    ],
  } as const
  const facts = await gather(aim, (await opened(recording)).ask, new Map(), () => nothingTold)
  const { report, scope } = picture(aim, facts, nothingTold)
  return [...report.findings.map(({ id }) => id), ...scope.map(({ about }) => about)]
}

test('a survey of a client judges what runs there, and nothing of other clients', async () => {
  expect(await found('c1')).toContain('wrong-to-port')
  expect(await found('c2')).not.toContain('wrong-to-port')
  expect(await found('c1')).toContain('path:*->orders-api/api')
  expect(await found('c2')).not.toContain('path:*->orders-api/api')
})
