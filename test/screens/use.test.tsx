import { afterEach, expect, test } from 'vitest'
import type { Held } from '../../src/knowledge/fact.ts'
import type { Place } from '../../src/run/place.ts'
import { top } from '../../src/run/state.ts'
import { soon } from '../soon.ts'
import { cleanup, copied, key, place, stage, subject } from './stage.tsx'

afterEach(cleanup)

test('the walk opens on what was found; enter shows the diagnosis, esc comes back', async () => {
  const { text, keys } = await stage('walk')
  expect(text()).toMatch(/▌ {3}✗ The server listens on loopback only/)
  expect(text()).toMatch(/\? The token is not what it should be\s+not known/)
  await keys(key.enter)
  expect(text()).toMatch(/^ Diagnosis/)
  await keys(key.esc)
  expect(text()).toMatch(/^ Walk[\s\S]*▌ {3}✗/)
})

test('a folded run opens with enter, and the cursor stays on it', async () => {
  const { text, keys } = await stage('walk')
  await keys('g', 'j', key.enter)
  expect(text()).toMatch(/▌ {3}✓ 5 faults ruled out\s*\n[\s\S]*Something else, number 4\s+ruled out\s+measured/)
})

test('keys that arrive in one chunk, and arrows, move one by one', async () => {
  const { text, keys } = await stage('walk')
  await keys('gjjj')
  expect(text()).toMatch(/▌ ✓ Which region/)
  await keys(key.up, 'k')
  expect(text()).toMatch(/▌ {3}✓ 5 faults/)
  await keys('G')
  expect(text()).toMatch(/▌ {3}✗ The server/)
})

test('an own answer counts, is shown as told, and is taken back', async () => {
  const { text, keys, store } = await stage('walk')
  await keys('g', 'a')
  expect(text()).toMatch(/▌ It cannot connect/)
  await keys('j', key.enter)
  expect(store.getState().told.answers).toEqual({ symptom: 'unknown' })
  expect(text()).toMatch(/What do you see\?\s+I do not know\s+told/)
  expect(text()).toContain('u takes it back')
  await keys('u')
  expect(text()).toMatch(/What do you see\?\s+It cannot connect\s+told/)
})

test('what was chosen before the walk began is taken back by choosing another answer', async () => {
  const { text, keys, store } = await stage('walk')
  await keys('u')
  expect(text()).toMatch(/^ Your answer[\s\S]*What do you see\?[\s\S]*▌ It cannot connect[\s\S]*before the walk began/)
  await keys('j', key.enter)
  expect(text()).toMatch(/What do you see\?\s+I do not know\s+told/)
  await keys('u')
  expect(text()).toMatch(/What do you see\?\s+It cannot connect\s+told/)
  store.setState({ aim: { kind: 'path', subject: { ...subject, symptom: 'unknown' } } })
  await keys('u')
  expect(text()).toContain('take back: you have not answered anything')
})

test('an answer that what was measured contradicts stands beside it', async () => {
  const { text, store, keys } = await stage('walk', { columns: 100 })
  store.setState({ told: { answers: { region: 'other' }, checks: {} } })
  await keys()
  expect(text()).toMatch(/Which region\?\s+the global one; you said: another\s+measured/)
})

test('a check by hand settles what is not known', async () => {
  const { text, keys } = await stage('answer', { arg: 'fault not-known' })
  expect(text()).toContain('Run nomad acl token self.')
  await keys('j', key.enter)
  await keys('d')
  expect(text()).not.toContain('Not known')
})

test('a number opens the raw reply at the line that shows it', async () => {
  const { text, keys } = await stage('diagnosis')
  await keys('1')
  expect(text()).toMatch(/^ Reply[\s\S]*▸ +"Version": "2\.0\.5"/)
})

test('text that is typed is text: letters that are keys elsewhere search here', async () => {
  const { text, keys, store } = await stage('survey')
  await keys('/', 'q', 's', key.backspace)
  expect(top(store.getState()).query).toBe('q')
  await keys(key.backspace, 'token', key.enter)
  expect(text()).toMatch(/▌ \? The token/)
  expect(text()).not.toContain('loopback only')
  await keys('/', key.esc)
  expect(text()).toContain('loopback only')
  expect(store.getState().exit).toBeNull()
})

test('a search of the survey that finds nothing says so', async () => {
  const { text, keys } = await stage('survey')
  await keys('/', 'no-such-words')
  expect(text()).toContain('No verdict has these words.')
})

test('a kind of verdict that nothing is of says so', async () => {
  const { text, keys } = await stage('survey')
  await keys(key.tab, key.tab, key.tab)
  expect(text()).toMatch(/ aside 0[\s\S]*No verdict of this kind\./)
})

test('the survey is filtered by outcome', async () => {
  const { text, keys } = await stage('survey')
  await keys(key.tab)
  expect(text()).toMatch(/✗ The server[\s\S]*! There is only one server/)
  expect(text()).not.toContain('✓')
  await keys(key.tab)
  expect(text()).toMatch(/\? The token[^\n]*not allowed/)
})

test('a question is put together by typing a few letters', async () => {
  const { text, keys, store } = await stage('home')
  await keys(key.enter)
  expect(text()).toContain('Who is calling?')
  await keys('team api', key.enter)
  expect(store.getState().draft.from).toMatchObject({ namespace: 'team', job: 'orders', group: 'api' })
  expect(text()).toContain('What cannot be reached?')
  await keys('shp', key.enter)
  expect(store.getState().draft.to).toMatchObject({ job: 'shop' })
  await keys('8080', key.enter)
  expect(text()).toMatch(/From\s+team:orders\/api[\s\S]*To\s+shop[\s\S]*Port\s+8080[\s\S]*▌ {3}Look/)
  await keys(key.enter)
  expect(text()).toMatch(/^ Walk {2}team:orders\/api → shop\S*:8080/)
})

test('names that are still being read are not said to be missing', async () => {
  const { text, keys, store } = await stage('home')
  await keys(key.enter)
  const { facts } = store.getState()
  store.setState({ phase: 'glancing', facts: new Map() })
  await keys('shp/')
  expect(text()).toContain('The names of the cluster are still being read.')
  expect(text()).not.toContain('Nothing by that name.')
  store.setState({ phase: 'idle', facts })
  await soon(() => expect(text()).not.toContain('still being read'))
})

test('a name that does not exist is told with the nearest ones, and the question stays open', async () => {
  const jobs = [{ ID: 'shop', Namespace: 'default', Type: 'service', Status: 'running', TaskGroups: [] }]
  const body = JSON.stringify(jobs)
  const listing: Place = { ...place, connect: () => () => Promise.resolve({ at: '', ms: 0, status: 200, body }) }
  const { text, keys, store } = await stage('home', { from: listing })
  await keys(key.enter)
  await keys('shpo', key.down, key.down, key.down, key.enter)
  expect(text()).toMatch(/there is no job "shpo"\. Did you mean: shop/)
  expect(store.getState().draft).toMatchObject({ field: 'from', from: null })
})

test('a pasted line opens the faults that print it', async () => {
  const { text, keys } = await stage('home')
  await keys('\u001B[200~dial tcp 10.0.0.1:80: connect: connection refused\n\u001B[201~')
  expect(text()).toMatch(/The message: dial tcp 10\.0\.0\.1:80: connect: connection refused▏/)
  expect(text()).toMatch(/▌ The server listens on loopback only\s+prints: connect: connection *\n▌ +refused/)
})

test('a key that is not available says why; the footer leaves it out', async () => {
  const { text, keys } = await stage('home', { known: false })
  expect(text()).not.toContain('survey')
  await keys('s')
  expect(text()).toContain('survey: nothing was looked at yet')
})

test('copying says so', async () => {
  const { text, keys } = await stage('diagnosis')
  await keys('y')
  expect(copied.at(-1)).toBe(
    '# Listen on all addresses (job file)\n-  args = ["127.0.0.1"]\n+  args = ["0.0.0.0"]\nnomad job run \'my shop.hcl\'',
  )
  expect(text()).toContain('Copied: the fix')
})

test('without a cluster the home screen says so, and begins at the recorded cases', async () => {
  const { text, keys } = await stage('home', { from: { ...place, kind: 'none', where: '' }, known: false })
  expect(text()).toMatch(/◌ no cluster[\s\S]*▌ {3}Recorded cases[\s\S]*No cluster in reach/)
  await keys('g', key.enter)
  expect(text()).toContain('No cluster in reach. Set NOMAD_ADDR')
})

test('a region nobody knows is named as such, not as a missing address', async () => {
  const nodes: Held<unknown> = { known: false, why: 'offline', detail: 'HTTP 500: No path to region' }
  const { text, store, keys } = await stage('home', { known: false })
  store.setState({ facts: new Map([['cluster', new Map([['cluster.nodes', nodes]])]]) })
  await keys()
  await new Promise((done) => setTimeout(done, 60))
  expect(text().replaceAll(/\s+/g, ' ')).toContain('No path to region. NOMAD_REGION or --region names no region')
})

test('text from outside cannot command the terminal', async () => {
  const evil = 'a\u001B[2Jb\u001B]0;title\u0007c\u202Ed'
  const from: Place = {
    ...place,
    where: evil,
    exchanges: () => [{ ask: 'x', request: evil, reply: { at: '', ms: 0, status: 200, body: evil } }],
  }
  const { raw, keys } = await stage('evidence', { from })
  expect(raw()).toContain('abcd')
  expect(raw()).not.toContain('\u001B[2J')
  await keys(key.enter)
  expect(raw()).not.toMatch(/\u202E|\]0;/)
})

test('a bright background gives the light palette', async () => {
  const { raw, text, keys } = await stage('walk')
  const [before, said] = [raw(), text()]
  await keys('\u001B]11;rgb:ffff/ffff/ffff\u0007')
  expect(raw()).not.toBe(before)
  expect(text()).toBe(said)
})

test('how a walk ended is said whole, on as many rows as it needs', async () => {
  const { text, keys, store } = await stage('walk', { columns: 60, rows: 20 })
  store.setState({ facts: new Map() })
  await keys('j')
  const lines = text().split('\n')
  expect(lines).toHaveLength(20)
  const ending = lines.slice(lines.findLastIndex((one) => /^─+/.test(one)) + 1, -1)
  expect(ending.length).toBeGreaterThan(1)
  expect(ending.join(' ').replaceAll(/\s+/g, ' ')).toMatch(/^ \? UNDETERMINED no cause was found, and .* not settled/)
  expect(ending.join('')).not.toContain('…')
})

test('of a recording it is said what it does not hold, not that a cluster answers', async () => {
  const denied = { known: false, why: 'denied', detail: 'HTTP 403' } as const
  const { text, store } = await stage('home', { from: { ...place, kind: 'case', where: 'recorded case' } })
  store.setState({ facts: new Map([['cluster', new Map([['cluster.nodes', denied]])]]) })
  await soon(() => expect(text()).toContain('When this was recorded, the cluster did not answer everything'))
  expect(text()).not.toContain('The cluster answers')
})

test('while there is more to look at, a diagnosis is one so far', async () => {
  const { text, store, keys } = await stage('diagnosis')
  expect(text()).toContain('FOUND')
  store.setState({ phase: 'looking' })
  await keys()
  expect(text()).toMatch(/✗ SO FAR {2}The server listens[\s\S]*0 looks to go: what stands here may change/)
})

test('taking back is offered where something can be taken back, and works before', async () => {
  const { text, keys } = await stage('walk', { columns: 120 })
  expect(text()).not.toContain('u take back')
  await keys('g', 'a', 'j', key.enter)
  await keys('k')
  expect(text()).toMatch(/u take back/)
})

test('lists say where the cursor is, and count one thing as one', async () => {
  const { text, store, keys } = await stage('cases')
  await soon(() => expect(store.getState().cases).not.toBeNull())
  await keys()
  expect(text()).toMatch(/1 of 1 recorded case\n/)
  const list = await stage('faults')
  await list.keys('j')
  expect(list.text()).toMatch(/2 of \d+ faults/)
})

test('a long answer takes the room that its question leaves', async () => {
  const { text, store, keys } = await stage('walk', { columns: 120 })
  store.setState({ told: { answers: { region: 'other' }, checks: {} } })
  await keys('j', 'j', 'j')
  expect(text()).toMatch(/Which region\? +the global one; you said: another +measured/)
})

test('a check by hand that what was measured contradicts stands beside it', async () => {
  const { text, store, keys } = await stage('step', { arg: 'fault loopback-only' })
  expect(text()).not.toContain('You said')
  store.setState({ told: { answers: {}, checks: { 'loopback-only': 'absent' } } })
  await keys()
  expect(text()).toContain('You said: it is not there. What was measured wins.')
})
