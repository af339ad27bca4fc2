import { expect, test } from 'vitest'
import { refused } from '../../src/sources/reply.ts'
import type { Ask, Request } from '../../src/ask/request.ts'
import { unsettled } from '../../src/knowledge/unsettled.ts'
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

const whole = { kind: 'survey' } as const
const surveyed = async (id: string, refuses: (request: Request) => boolean = () => false) => {
  const recording = recordings.find((one) => one.id === id)
  if (!recording) throw new Error('no such recording')
  const { ask } = await opened(recording)
  const asking: Ask = (request) =>
    refuses(request) ? Promise.resolve(refused('denied', 'HTTP 403: Permission denied')) : ask(request)
  return picture(whole, await gather(whole, asking, new Map(), () => nothingTold), nothingTold).report
}

test.each(recordings.flatMap(({ id, truth }) => (truth.state === 'healthy' ? [id] : [])))(
  'a survey of %s, where all is well, leaves nothing open and says how much depends on who calls',
  async (id) => {
    const report = await surveyed(id)
    const { faults, callers } = unsettled(report)
    expect(faults).toEqual([])
    expect(callers).toBeGreaterThan(0)
    expect(report.findings.filter(({ severity }) => severity !== 'risks')).toEqual([])
  },
)

test('what a survey needs and may not read stays open, and is never taken for a matter of who calls', async () => {
  const report = await surveyed('bridge-healthy', (request) => 'argv' in request && request.argv[0] === 'iptables-save')
  const { faults } = unsettled(report)
  expect(faults.map(({ id }) => id)).toContain('ruleset-flushed')
  expect(faults.flatMap(({ because }) => because.map(({ why }) => why))).not.toContain('not-named')
})
