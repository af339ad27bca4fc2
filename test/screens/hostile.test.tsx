import { cleanup, render } from 'ink-testing-library'
import { afterEach, expect, test } from 'vitest'
import { widthOf } from '../../src/components/width.ts'
import { spell, type Ask } from '../../src/ask/request.ts'
import type { Exchange, Place } from '../../src/run/place.ts'
import { pictureOf } from '../../src/run/selectors.ts'
import { storeOf } from '../../src/run/store.ts'
import { subjectOf } from '../../src/run/subject.ts'
import { App } from '../../src/screens/app.tsx'
import { screens } from '../../src/screens/index.ts'
import { openCase } from '../../src/sources/case.ts'

afterEach(cleanup)

/** A title for the window, a jump to the corner, a bell, a text that runs backwards, a hidden link. */
const commands = '\u001B]0;owned\u0007\u001B[2J\u001B[H\u0007\u202E\u001B]8;;http://evil\u001B\\'
/** Longer and wider than any screen, with marks that stand above one another, and signs of two columns. */
const evil = `${commands}${'x'.repeat(150)}文字👩‍👩‍👧${'e\u0301\u0301\u0301'.repeat(9)}${'漢'.repeat(60)}`
const json = (text: string): string => JSON.stringify(text).slice(1, -1)
const sizes = [
  [80, 24],
  [120, 40],
] as const
const names = ['orders-api', 'checkout', '"c1"', '"c2"']

/** Every name of the recording with terminal commands in it, as a hostile job file could have them. */
const poisoned = (text: string): string =>
  names
    .reduce(
      (all, name) =>
        all.replaceAll(name.replaceAll('"', '\\"'), spoiled(name, '\\"')).replaceAll(name, spoiled(name, '"')),
      text,
    )
    // What a client, a driver or a check says is as free as a name.
    .replaceAll(/"(DisplayMessage|Message|message|Output|StatusDescription|Description)": ?"/g, `$&${json(evil)}`)
const spoiled = (name: string, quote: string): string =>
  name.startsWith('"') ? `${quote}${name.slice(1, -1)}${json(evil)}${quote}` : `${name}${json(evil)}`

const opened = await openCase('cases/app-binds-loopback-only')
if (!('ask' in opened)) throw new Error(opened.message)
const { ask, info } = opened
const exchanges: Exchange[] = []
const spoil: Ask = async (request) => {
  const asked = JSON.stringify(request).replaceAll(json(evil), '').replaceAll(encodeURIComponent(evil), '')
  const reply = await ask(JSON.parse(asked) as typeof request)
  const body = /^\s*[[{]/.test(reply.body) ? poisoned(reply.body) : `${evil}\n${reply.body}`
  exchanges.push({ ask: spell(request), request: `asked ${evil}`, reply: { ...reply, body } })
  return { ...reply, body }
}
const place: Place = {
  kind: 'case',
  where: `recorded case ${evil}`,
  connect: () => spoil,
  forget: () => {},
  exchanges: () => exchanges,
}

test('names with terminal commands in them are harmless on every screen', async () => {
  const desk = { cases: () => Promise.resolve([]), openCase: () => Promise.resolve(''), copy: () => {} }
  const store = storeOf({ place, ...desk })
  const subject = subjectOf(JSON.parse(poisoned(JSON.stringify(info))) as typeof info)
  await store.act.lookAt({ kind: 'path', subject })
  expect(pictureOf(store.getState())?.report.diagnosis).not.toBeNull()
  expect(JSON.stringify(exchanges)).toContain('owned')
  expect(exchanges.some(({ reply }) => /"DisplayMessage": ?"\\u001b\]0;owned/i.test(reply.body))).toBe(true)
  expect(exchanges.some(({ reply }) => /"c1\\u001b\]0;owned/i.test(reply.body))).toBe(true)
  const shown = render(<App store={store} terminal={{ depth: 24, light: false, colour: false, unicode: true }} />)
  const [{ ask: first } = { ask: '' }] = exchanges
  const [step] = pictureOf(store.getState())?.walked.steps.filter(({ kind }) => kind === 'rung') ?? []
  const args: Readonly<Record<string, string>> = {
    reply: first,
    hop: '0 ',
    step: step?.kind === 'rung' ? `fault ${step.fault}` : '',
  }
  for (const [columns, rows] of sizes) {
    Object.defineProperties(shown.stdout, {
      columns: { value: columns, configurable: true },
      rows: { value: rows, configurable: true },
    })
    shown.stdout.emit('resize')
    for (const { id } of screens) {
      store.act.open(id, args[id] ?? '')
      await new Promise((done) => setTimeout(done, 40))
      const lines = (shown.lastFrame() ?? '').split('\n')
      expect(lines.length).toBeLessThanOrEqual(rows)
      // oxlint-disable-next-line no-control-regex
      for (const one of lines) expect(widthOf(one.replaceAll(/\u001B\[\d*m/g, ''))).toBeLessThanOrEqual(columns)
    }
  }
  for (const one of shown.frames) {
    // Besides bold and faint, nothing but line feeds may steer the terminal.
    // oxlint-disable-next-line no-control-regex
    expect(one.replaceAll(/\u001B\[\d*m/g, '')).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E]/)
  }
})
