import { afterEach, describe, expect, test, vi } from 'vitest'
import { widthOf } from '../../src/components/width.ts'
import { twoClients } from '../way/site.ts'
import { cleanup, key, rich, stage } from './stage.tsx'
import { dropping, walked } from './walked.tsx'

// The walks are given here, not derived.
vi.mock('../../src/derive/walk/index.ts', () => ({ walkDerivations: [] }))

afterEach(cleanup)

test('where it ends is marked, and the cursor is on it', async () => {
  const { text } = await walked(dropping)
  expect(text()).toMatch(/web on c1 → tcp 10\.0\.0\.2:25000[\s\S]*ends at client c2: dropped by filter FORWARD policy/)
  expect(text()).toMatch(/◆ DNAT +target 10\.0\.0\.2:25000 becomes 172\.26\.64\.9:8080/)
  expect(text()).toMatch(/▌ ╰ ✗ dropped/)
})

test('the heads of both columns stay, and the chosen row is whole, on a small terminal', async () => {
  const { text, keys } = await walked(dropping)
  await keys('G')
  expect(text()).toMatch(/ {4}simulated +measured\n/)
  await keys('k', 'k', 'k')
  expect(text()).toMatch(/^▌/m)
  for (const row of text()
    .split('\n')
    .filter((one) => one.startsWith('▌')))
    expect(row).not.toContain('…')
})

test('the place of the first row that is seen has its name there, however short the terminal', async () => {
  for (const rows of [16, 18, 20, 24]) {
    const { text, keys } = await walked(dropping, { columns: 80, rows })
    await keys('G')
    expect(text()).toMatch(/simulated +measured\n[ ▌]*(╭ |┆ )/)
    cleanup()
  }
})

test('why no packets were watched is said in full', async () => {
  const { text, store, keys } = await walked(dropping)
  const detail = 'the packet has too many addresses on its way to watch for all of them at once, so none were watched'
  store.setState(({ facts }) => ({
    facts: new Map(
      [...facts].map(([id, held]) => [
        id,
        held.has('path.walks') ? new Map([...held, ['path.capture', { known: false, why: 'failed', detail }]]) : held,
      ]),
    ),
  }))
  await keys('G')
  await new Promise((done) => setTimeout(done, 60))
  expect(text().replaceAll(/[\s▌]+/g, ' ')).toContain(`No packets were watched: ${detail}`)
})

test('wide: what was measured stands beside the place it was tried from, the rule in a pane of its own', async () => {
  const { text } = await walked(dropping, { columns: 120, rows: 40 })
  expect(text()).toMatch(/╭ allocation web on c1 +✗ 10\.0\.0\.2:25000 no answer {2}/)
  expect(text()).toMatch(/╭ client c2 +✓ 172\.26\.64\.9:8080 connected/)
  expect(text()).toMatch(
    /│ {2}Rule[\s\S]*│ {4}filter FORWARD policy[\s\S]*\[1\] iptables-save -c {3}on node c2-node-[\s\S]*:FORWARD DROP/,
  )
})

test('a measurement that contradicts the walk is marked', async () => {
  const { text } = await walked(twoClients(), { columns: 120, rows: 40 })
  expect(text()).toMatch(/✗ 10\.0\.0\.2:25000 no answer !/)
  expect(text()).toMatch(/172\.26\.64\.9:8080 connected(?! !)/)
  const aloud = await walked(twoClients(), { columns: 240, rows: 60, terminal: { ...rich, spoken: true } })
  expect(aloud.text()).toMatch(/no answer, differs/)
  expect(aloud.text()).toMatch(/172\.26\.64\.9:8080 connected(?!,)/)
})

test('the answer is one line until it is opened', async () => {
  const { text, keys } = await walked(twoClients(), { columns: 120, rows: 60 })
  expect(text()).toMatch(/And back {2}✓ answered {2}the caller gets the answer/)
  expect(text()).not.toMatch(/NAT undone/)
  await keys('b')
  expect(text()).toMatch(/NAT undone +source 172\.26\.64\.9:8080 becomes 10\.0\.0\.2:25000/)
})

test('by chance there are several ways', async () => {
  const { text, keys } = await walked(
    twoClients({ c2: { iptables: { filter: ['INPUT -m statistic --mode random --probability 0.5 -j DROP'] } } }),
  )
  expect(text()).toMatch(/way 1 of 2[\s\S]*This way when filter INPUT rule 1 matches/)
  await keys(key.tab)
  expect(text()).toMatch(/way 2 of 2[\s\S]*This way unless filter INPUT rule 1 matches/)
})

test('each step opens to its rule, its hops and the reply', async () => {
  const { text, keys } = await walked(dropping)
  await keys('k', 'k', key.enter)
  expect(text()).toMatch(/DNAT {2}client c2[\s\S]*-A CNI-DN-a1[\s\S]*Hops[\s\S]*CNI-HOSTPORT-DNAT/)
  expect(text()).toMatch(/becomes tcp 10\.0\.0\.1 -> 172\.26\.64\.9:8080/)
})

describe.each([
  [80, 24],
  [120, 40],
  [60, 16],
  [200, 50],
] as const)('%i by %i', (columns, rows) => {
  test('fits, also in ASCII without colour', async () => {
    const plain = { ...rich, unicode: false, colour: false }
    const { text, keys } = await walked(twoClients(), { columns, rows, terminal: plain })
    await keys('b', 'g')
    for (const line of text().split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(columns)
    expect(text().split('\n').length).toBeLessThanOrEqual(rows)
    expect(text()).toMatch(/^[\u0020-\u007E\n]*$/)
  })
})

test('without a walk it says why', async () => {
  const { text } = await stage('path')
  expect(text()).toMatch(/cannot be followed\s+not asked/)
})
