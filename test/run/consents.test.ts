import { expect, test } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { Request } from '../../src/ask/request.ts'
import { consents } from '../../src/run/consents.ts'
import type { State } from '../../src/run/state.ts'

const one: Request = { via: 'node', node: 'c1', argv: ['getent', 'hosts', 'a'] }
const two: Request = { via: 'node', node: 'c1', argv: ['getent', 'hosts', 'b'] }
const begun = () => {
  const store = createStore(() => ({ asked: [], silent: false }) as unknown as State)
  return { store, consent: consents(store) }
}

test('after a no the next look asks again', async () => {
  const { store, consent } = begun()
  const first = consent.to(one)
  consent.answer(
    'no',
    store.getState().asked.map(({ key }) => key),
  )
  expect(await first).toBe(false)
  expect(consent.to(one)).toBe(false)
  consent.askAgain()
  void consent.to(one)
  expect(store.getState().asked).toHaveLength(1)
})

test('after never no look asks again, whatever it needs; what is wished for by itself does', async () => {
  const { store, consent } = begun()
  const first = consent.to(one)
  consent.answer('never', [])
  expect(await first).toBe(false)
  consent.askAgain()
  expect([await consent.to(one), await consent.to(two)]).toEqual([false, false])
  expect(store.getState().asked).toEqual([])
  consent.askAgain('wished')
  void consent.to(one)
  expect(store.getState().asked).toHaveLength(1)
})

test('a wish is for one look: what the next one needs is not asked after never', async () => {
  const { store, consent } = begun()
  consent.answer('never', [])
  consent.askAgain('wished')
  const wished = consent.to(one)
  expect(store.getState()).toMatchObject({ asked: [{ request: one }], silent: true })
  consent.drop()
  expect(await wished).toBe(false)
  expect([await consent.to(one), await consent.to(two)]).toEqual([false, false])
  consent.askAgain('wished')
  void consent.to(two)
  consent.answer('never', [])
  expect(await consent.to(one)).toBe(false)
})
