import { afterEach, expect, test } from 'vitest'
import type { Place } from '../../src/run/place.ts'
import { top } from '../../src/run/state.ts'
import { aim, cleanup, key, place, stage } from './stage.tsx'

afterEach(cleanup)

const recording: Place = {
  ...place,
  kind: 'case',
  where: 'recorded case',
  story: { title: 'web cannot reach api', what: '', aim, told: { answers: {}, checks: {} } },
}

test.each(['step', 'walk', 'diagnosis', 'survey', 'path'])(
  'of a recording nothing is offered that measures again: %s',
  async (screen) => {
    const arg = screen === 'step' ? 'fault loopback-only' : ''
    const live = await stage(screen, { arg, columns: 120 })
    expect(live.text()).toMatch(/v (verify|look again)/)
    cleanup()
    const { text, keys } = await stage(screen, { arg, columns: 120, from: recording })
    expect(text()).not.toMatch(/v (verify|look again)/)
    await keys('v')
    expect(text()).toContain('a recording answers the same again')
  },
)

test('a verdict that is no step of the walk cannot be answered', async () => {
  const { text, keys } = await stage('step', { arg: 'verdict a-risk cluster' })
  expect(text()).toMatch(/There is only one server/)
  expect(text()).not.toContain('answer it myself')
  await keys('a')
  expect(text()).toContain('it is no step of the walk')
})

test('back from a case leads to the list it was chosen from, with the cursor where it was', async () => {
  const { keys, store } = await stage('cases', { from: recording })
  await keys('j')
  const { on } = top(store.getState())
  await store.act.enterCase(recording)
  await keys()
  expect(top(store.getState()).screen).toBe('walk')
  await keys(key.esc)
  expect(top(store.getState())).toMatchObject({ screen: 'cases', on })
  await keys(key.esc)
  expect(top(store.getState()).screen).toBe('home')
})

test('back from a case that was given at the start leads home', async () => {
  const { keys, store } = await stage('home', { from: recording })
  await store.act.enterCase(recording)
  await keys(key.esc)
  expect(top(store.getState()).screen).toBe('home')
})
