import { expect, test } from 'vitest'
import { nothingTold } from '../../src/knowledge/told.ts'
import { gather, picture } from '../../src/run/loop.ts'
import { cached } from '../../src/sources/cache.ts'
import { opened, recordings } from '../recordings.ts'

// A survey judges the pairs whose tasks name each other: what breaks between them is found without a question.

const named = [
  'alloc-ip-used-off-node',
  'colocation-assumption',
  'connect-upstream-missing',
  'consul-dns-a-not-srv',
  'cross-group-env-variable',
  'cross-group-localhost',
  'docker-network-mode-overrides-group',
  'host-input-drop',
  'hostport-masq-jump-missing',
  'loopback-address-registered',
  'same-group-not-shared-netns',
  'sibling-not-up-yet',
  'template-wrong-catalog',
]

async function surveyed(id: string) {
  const recording = recordings.find((one) => one.id === id)!
  const aim = { kind: 'survey' } as const
  const facts = await gather(aim, cached((await opened(recording)).ask).ask, new Map(), () => nothingTold)
  return { ...picture(aim, facts, nothingTold), truth: recording.truth }
}

test.each(named)('%s', async (id) => {
  const { report, truth } = await surveyed(id)
  expect(report.findings.filter(({ severity }) => severity === 'breaks').map((one) => one.id)).toContain(
    truth.faults[0],
  )
  const repaired = await surveyed(`${id}-repaired`)
  expect(repaired.report.findings.filter(({ severity }) => severity !== 'risks').map((one) => one.id)).toEqual([])
})

test('what depends on a caller whom nobody named is not ruled out', async () => {
  const { verdicts } = await surveyed('bridge-healthy')
  const open = verdicts.filter(
    ({ fault, about }) => fault === 'cross-group-env-variable' && about.startsWith('path:*->'),
  )
  expect(open.length).toBeGreaterThan(0)
  for (const one of open)
    expect(one).toMatchObject({
      verdict: 'unknown',
      because: expect.arrayContaining([expect.objectContaining({ why: 'not-named' })]),
    })
})
