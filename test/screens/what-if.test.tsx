import { afterEach, describe, expect, test, vi } from 'vitest'
import { widthOf } from '../../src/components/width.ts'
import { cleanup, copied, key, rich } from './stage.tsx'
import { dropping, walked } from './walked.tsx'

// The walks are given here, not derived.
vi.mock('../../src/derive/walk/index.ts', () => ({ walkDerivations: [] }))

afterEach(cleanup)

const accept = 'c2: iptables -P FORWARD ACCEPT'

test('a rule is tried from the Path screen: whether the packet arrives, before and after', async () => {
  const { text, keys } = await walked(dropping)
  expect(text()).toMatch(/t what if/)
  await keys('t')
  expect(text()).toMatch(/What if: ▏[\s\S]*Places .*c2\n[\s\S]*sysctl -w KEY=VALUE/)
  await keys(accept, key.enter)
  expect(text()).toMatch(/Tried on c2\s+\$ iptables -P FORWARD ACCEPT\s+✓ The packet arrives with it/)
  expect(text()).toMatch(/now\s+the\s+caller\s+hears\s+nothing[\s\S]*then\s+it\s+arrives[\s\S]*Nothing was run\./)
  await keys('y')
  expect(copied.at(-1)).toMatch(/^# tried on a copy of c2: iptables -P FORWARD ACCEPT\n[\s\S]*Nothing was run\.$/)
  await keys(key.esc)
  expect(text()).toMatch(/^ Path/)
})

test('what does not help says so, and what was typed can be changed', async () => {
  const { text, keys } = await walked(dropping)
  await keys('t', 'c1: iptables -P FORWARD ACCEPT', key.enter)
  expect(text()).toMatch(/✗ The packet does not arrive with it/)
  expect(text().replaceAll(/\s+/g, ' ')).toMatch(/The packet ends at client c2: dropped by filter FORWARD policy/)
  await keys('t', '\u0015', accept, key.enter)
  expect(text()).toMatch(/✓ The packet arrives with it/)
})

test('the other allocations are read, so that they can be compared', async () => {
  const { keys, store } = await walked(dropping)
  await keys('t', accept, key.enter)
  expect(store.getState().wants).toEqual(expect.arrayContaining(['source.node.allocations', 'target.node.allocations']))
})

test.each([
  ['frob -x', /what frob does is not modelled; these are:\s+iptables/],
  ['c2: iptables -A FORWARD | x', /\| is for a shell/],
  ["c2: iptables -A 'x", /the quote ' has no end/],
  ['c9: iptables -P FORWARD ACCEPT', /c9 is no place on this way\s+Places: .*c2/],
  ['', /The packet is followed again on a copy/],
])('a text that cannot be tried stays open, with the reason: %s', async (typed, reason) => {
  const { text, keys } = await walked(dropping)
  await keys('t', ...(typed === '' ? [] : [typed]), key.enter)
  expect(text()).toMatch(reason)
  expect(text()).toContain(`What if: ${typed}▏`)
})

describe.each([
  [80, 24],
  [60, 16],
  [120, 40],
] as const)('%i by %i', (columns, rows) => {
  test('fits, in ASCII, with a very long and hostile text', async () => {
    const plain = { ...rich, unicode: false, colour: false }
    const { text, keys } = await walked(dropping, { columns, rows, terminal: plain })
    await keys('t', `c2: iptables -A FORWARD -m comment --comment ${'x'.repeat(300)}\u202E文字 -j ACCEPT`, key.enter)
    for (const one of text().split('\n')) expect(widthOf(one)).toBeLessThanOrEqual(columns)
    expect(text().split('\n').length).toBeLessThanOrEqual(rows)
    expect(text()).toMatch(/^[\u0020-\u007E\n]*$/)
  })
})
