import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isConsent, needsConsent, withHint } from '../../src/ask/consent.ts'
import { watchArgv } from '../../src/ask/packets.ts'
import type { Request } from '../../src/ask/request.ts'
import type { Consent, Place } from '../../src/run/place.ts'
import { cleanup, key, place, stage, type Stage } from './stage.tsx'
import { storeOf } from '../../src/run/store.ts'

let asks: Consent | undefined
const from: Place = { ...place, connect: (consent) => ((asks = consent), place.connect(consent)) }
const ask = (request: Request): Promise<boolean> => Promise.resolve(asks?.(request) ?? false)

const inTask = (file: string): Request => ({ via: 'task', alloc: 'aaaaaaaa-1111', task: 'web', argv: ['cat', file] })
const reply = { at: '', ms: 0, status: -1, body: '' }
const tcp = { proto: 'tcp', host: '10.0.0.9', port: 6379 } as const
const three = [
  inTask('/etc/resolv.conf'),
  inTask('/etc/hosts'),
  { via: 'node', node: 'aaaaaaaa', connect: tcp },
] as const

afterEach(() => {
  vi.useRealTimers()
  cleanup()
})
let now = 1e12
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now })
})
const later = (ms = 600): void => void vi.setSystemTime((now += ms))

async function asked() {
  const staged = await stage('walk', { from })
  const answers = three.map(ask)
  await staged.keys('x')
  return { ...staged, answers }
}

test('every action that waits is listed, with what is run and where', async () => {
  const { text } = await asked()
  expect(text()).toMatch(/May this run\? 3 actions/)
  expect(text()).toMatch(/▌ {2}cat \/etc\/resolv\.conf +task web of allocation aaaaaaaa/)
  expect(text()).toMatch(/cat \/etc\/hosts +task web/)
  expect(text()).toMatch(/connect to 10\.0\.0\.9:6379 +client c1/)
  expect(text()).toMatch(/It runs inside your workload, through\s+Nomad, and only reads/)
})

test('one yes for all that was seen long enough; what comes later is asked on its own', async () => {
  const { text, keys, answers } = await asked()
  await keys('Y')
  expect(text()).toContain('3 actions')
  later()
  const late = ask(inTask('/etc/nsswitch.conf'))
  await keys('Y')
  expect(await Promise.all(answers)).toEqual([true, true, true])
  expect(text()).toMatch(/1 action\n[\s\S]*nsswitch/)
  later()
  await keys('n')
  expect(await late).toBe(false)
  expect(text()).toMatch(/^ Walk[\s\S]*FOUND/)
})

test('one by one: the mark goes on to the next', async () => {
  const { text, keys, answers } = await asked()
  later()
  await keys('j', 'y')
  expect(await answers[1]).toBe(true)
  expect(text()).toMatch(/▌ {2}connect to/)
  await keys('n')
  expect(await answers[2]).toBe(false)
  expect(text()).toMatch(/▌ {2}cat \/etc\/resolv\.conf/)
  await keys('y')
  expect(await answers[0]).toBe(true)
  expect(text()).toMatch(/^ Walk/)
})

test('a watching begins as one: no part of it before its last question is answered', async () => {
  const { keys } = await stage('walk', { from })
  const watch = watchArgv({ proto: 'tcp', hosts: ['10.0.0.1'], doors: [{ host: '10.0.0.9', port: 6379 }] }) ?? []
  const begun: string[] = []
  const parts: readonly Request[] = [
    { via: 'node', node: 'aaaaaaaa', argv: watch },
    { via: 'node', node: 'bbbbbbbb', argv: watch },
    { via: 'node', node: 'aaaaaaaa', connect: { ...tcp, again: true } },
    inTask('/etc/hosts'),
  ]
  const answers = parts.map(async (part, i) => {
    const yes = await ask(part)
    begun.push(`${i} ${yes}`)
  })
  await keys('x')
  later()
  await keys('y')
  later()
  await keys('n')
  expect(begun).toEqual([])
  later()
  await keys('j', 'y')
  expect(begun).toEqual(['3 true'])
  later()
  await keys('y')
  await Promise.all(answers)
  expect(begun.toSorted()).toEqual(['0 true', '1 false', '2 true', '3 true'])
})

test('Esc refuses all; the answers stay for this run, and for this run only', async () => {
  const { text, keys, answers } = await asked()
  later()
  await keys(key.esc)
  expect(await Promise.all(answers)).toEqual([false, false, false])
  expect(text()).toMatch(/^ Walk/)
  expect(asks?.(three[0])).toBe(false)
  storeOf({ place: from, cases: () => Promise.resolve([]), openCase: () => Promise.resolve(''), copy: () => {} })
  expect(asks?.(three[0])).toBeInstanceOf(Promise)
})

/** The second look has ended; what it asked for itself is over. */
async function lookedAgain({ keys, store }: Pick<Stage, 'keys' | 'store'>): Promise<void> {
  await keys('v')
  while (store.getState().notice === '') await new Promise((done) => setTimeout(done, 10))
}

test('what was refused is asked again by v, and only that', async () => {
  const { text, keys, answers, store } = await asked()
  later()
  await keys('y', key.esc)
  expect(await Promise.all(answers)).toEqual([true, false, false])
  await lookedAgain({ keys, store })
  void ask(three[0])
  void ask(three[1])
  await keys('x')
  expect(text()).toMatch(/May this run\? 1 action\n/)
  expect(text()).toMatch(/after a no, v\s+asks again/)
})

test('a watching of which one part was refused is asked about as a whole', async () => {
  const { text, keys, store } = await stage('walk', { from })
  const argv = watchArgv({ proto: 'tcp', hosts: ['10.0.0.1'], doors: [{ host: '10.0.0.9', port: 6379 }] }) ?? []
  const parts = ['aaaaaaaa', 'bbbbbbbb'].map((node): Request => ({ via: 'node', node, argv }))
  for (const part of [...parts, three[0]]) void ask(part)
  await keys('x')
  later()
  await keys('y', 'n', 'y')
  await lookedAgain({ keys, store })
  for (const part of [...parts, three[0]]) void ask(part)
  await keys('x')
  expect(text()).toMatch(/May this run\? 2 actions/)
})

test('on the screen a refusal names the key that asks again, not the flag of the commands', async () => {
  const detail = needsConsent
  const refusing = { ...reply, refusal: { why: 'not-asked', detail } } as const
  const hinted = withHint(
    () => Promise.resolve(refusing),
    () => ' (v asks again)',
  )
  const { refusal } = await hinted(three[0])
  expect(refusal?.detail).toBe('it sends packets and needs your consent (v asks again)')
  expect(refusal && isConsent(refusal)).toBe(true)
})

test('N refuses all and asks no more', async () => {
  const { keys, answers } = await asked()
  later()
  await keys('N')
  expect(await Promise.all(answers)).toEqual([false, false, false])
  expect(asks?.(inTask('/etc/group'))).toBe(false)
})

test('letters that are typed are no answer: the question waits until typing ends', async () => {
  const { text, keys } = await stage('survey', { from })
  await keys('/')
  const answer = ask(three[0])
  later()
  await keys('yY')
  expect(text()).toMatch(/\/ yY/)
  await keys(key.enter, 'Y')
  expect(text()).toContain('1 action')
  later()
  await keys('Y')
  expect(await answer).toBe(true)
})

test('nothing else is heard: no key leads away, and no answer is lost', async () => {
  const { text, keys, store } = await asked()
  later()
  await keys('s', 'e', 'f', 'c', 'h')
  expect(text()).toContain('3 actions')
  expect(store.getState().exit).toBeNull()
})

test('? tells the keys, and the questions are there again after it; what comes meanwhile waits', async () => {
  const { text, keys, answers } = await asked()
  later()
  await keys('j', '?')
  expect(text()).toMatch(/^ Help[\s\S]*Here: Your consent[\s\S]*never ask/)
  void ask(inTask('/etc/nsswitch.conf'))
  await keys('y')
  expect(text()).toMatch(/^ Help/)
  await keys(key.esc)
  expect(text()).toMatch(/May this run\? 4 actions +number 2 is marked/)
  await keys('?', 'e')
  expect(text()).toMatch(/May this run\? 4 actions/)
  later()
  await keys('Y')
  expect(await Promise.all(answers)).toEqual([true, true, true])
})

test('q leaves the program, and no action has a yes', async () => {
  const { text, keys, store } = await asked()
  expect(text().split('\n').at(-1)).toMatch(/^ y yes +n no +Y yes to all +esc no to all +N never ask +\? help +q quit$/)
  later()
  await keys('q')
  expect(store.getState().exit).toBe(0)
  expect(store.getState().asked).toHaveLength(3)
})

test.each([
  [60, 16],
  [80, 24],
  [120, 40],
])('a long list scrolls with the mark, at %i by %i', async (columns, rows) => {
  const { text, keys } = await stage('walk', { from, columns, rows })
  for (let i = 0; i < 60; i++) void ask(inTask(`/etc/file-${i}`))
  await keys('x')
  expect(text()).toMatch(/60 actions[\s\S]*▌ {2}cat \/etc\/file-0 /)
  const listed = () => text().match(/^[▌ ] {2}cat \/etc\/file-\d+ /gm)?.length ?? 0
  expect(text()).toMatch(new RegExp(`^ +↓ ${60 - listed()} more below$`, 'm'))
  await keys('jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj')
  expect(text()).toMatch(/↑ \d+ more above · ↓ \d+ more below\n[\s\S]*It runs inside/)
  await keys('G')
  expect(text()).toMatch(/▌ {2}cat \/etc\/file-59 [\s\S]*It runs inside/)
  expect(text()).toMatch(new RegExp(`^ +↑ ${60 - listed()} more above$`, 'm'))
  expect(text().split('\n').length).toBeLessThanOrEqual(rows)
})

test('names in a request cannot command the terminal', async () => {
  const { raw, keys } = await stage('walk', { from })
  void ask({ via: 'task', alloc: 'aaaaaaaa-1111', task: 'w\u001B[2Jb', argv: ['cat', '/etc/hosts\u202E'] })
  await keys('x')
  expect(raw()).toContain('task w')
  expect(raw()).not.toContain('\u001B[2J')
  expect(raw()).not.toContain('\u202E')
})

test('long names keep both ends in the list, and what has no room below is counted', async () => {
  const { text, keys } = await stage('walk', { from })
  const file = (letter: string) => `/local/${letter.repeat(700)}/end-of-${letter}`
  for (const letter of ['a', 'b', 'c', 'd', 'e']) void ask(inTask(file(letter)))
  await keys('x')
  const lines = text().split('\n')
  expect(lines).toHaveLength(24)
  expect(lines.every((one) => one.length <= 80)).toBe(true)
  expect(text()).toMatch(/▌ {2}cat \/local\/a+…a*\/end-of-a +task web of allocation aaaaaaaa/)
  expect(text()).toMatch(/May this run\? 5 actions/)
  expect(text()).toMatch(/It runs inside your workload/)
  const small = await stage('walk', { from, columns: 60, rows: 16 })
  for (const letter of ['f', 'g']) void ask(inTask(file(letter)))
  await small.keys('x')
  expect(small.text()).toMatch(/May this run\? 2 actions/)
  expect(small.text()).toMatch(/… \d+ more lines: a larger window shows all/)
  expect(small.text()).toMatch(/It runs inside your workload/)
  expect(small.text().split('\n')).toHaveLength(16)
})
