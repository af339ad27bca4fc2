import { afterEach, describe, expect, test } from 'vitest'
import { widthOf } from '../../src/components/width.ts'
import { cleanup, key, rich, stage } from './stage.tsx'

afterEach(cleanup)

/** Every screen, what it is opened with, and what must be seen of it on a small terminal. */
const screens: readonly (readonly [screen: string, arg: string, sees: RegExp])[] = [
  ['home', '', /What is wrong\?[\s\S]*Something cannot connect[\s\S]*Recorded cases/],
  ['case', '', /Who cannot reach whom\?[\s\S]*From[\s\S]*Port[\s\S]*Look/],
  ['walk', '', /What do you see\?[\s\S]*told[\s\S]*5 faults ruled out[\s\S]*FOUND/],
  ['step', 'fault loopback-only', /The server listens on loopback only[\s\S]*We saw[\s\S]*\[1\] GET/],
  ['answer', 'question region', /Which region[\s\S]*what was measured\s+wins/],
  ['diagnosis', '', /FOUND[\s\S]*\+ {2}args/],
  ['what-if', '', /What if: [\s\S]*Nothing is run[\s\S]*sysctl -w KEY=VALUE/],
  ['survey', '', /all 8 verdicts {3}found 2 {3}not settled 1 {3}aside 0 {3}ruled out 5/],
  ['evidence', '', /2 requests[\s\S]*403[\s\S]*acl/],
  ['reply', '["nomad","/v1/agent/self"]', /status 200[\s\S]*"Name": "c1"/],
  ['faults', '', /8 faults[\s\S]*Something else/],
  ['fault', 'loopback-only', /Why it breaks[\s\S]*connection refused/],
  ['cases', '', /1 recorded case[\s\S]*web cannot reach api/],
  ['help', '', /Marks[\s\S]*not known: neither healthy nor broken/],
  ['gallery', '', /Tokens[\s\S]*heading/],
]
const sizes = [
  [80, 24],
  [120, 40],
  [60, 16],
  [200, 50],
] as const

describe.each(screens)('%s', (screen, arg, sees) => {
  test.each(sizes)('fits %i by %i', async (columns, rows) => {
    const { text } = await stage(screen, { arg, columns, rows })
    const lines = text().split('\n')
    expect(lines.length).toBeLessThanOrEqual(rows)
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns)
    if (rows >= 24) expect(text()).toMatch(sees)
    expect(lines.at(-1)).toMatch(/help|quit/)
  })

  test('shows marks and frame in ASCII, and no colour, where the terminal has neither', async () => {
    const terminal = { ...rich, unicode: false, colour: false }
    const { text, raw } = await stage(screen, { arg, terminal })
    expect(text()).toMatch(/^[\u0020-\u007E\n]*$/)
    // oxlint-disable-next-line no-control-regex
    expect(raw()).not.toMatch(/\u001B\[(3|4|9|10)\d(;\d+)*m/)
  })

  test('asks for room on a terminal that is too small', async () => {
    const { text, keys, store } = await stage(screen, { arg, columns: 40, rows: 12 })
    expect(text().split('\n')[0]).toMatch(/^nomad-netdoctor needs 60 columns/)
    expect(text()).toContain('q quits')
    const { stack, draft, told } = store.getState()
    await keys('j', key.enter, 's', '/', 'x', 'd', key.esc)
    await keys('\u001B[200~pasted\u001B[201~')
    expect(store.getState()).toMatchObject({ stack, draft, told, exit: null })
    await keys('q')
    expect(store.getState().exit).toBe(0)
  })
})
