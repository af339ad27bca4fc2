import { expect, test } from 'vitest'
import { isOpen, worseBy, type Tried } from '../../src/derive/walk/compared.ts'

const trace = (verdict: object) =>
  ({ hops: [], chances: [], tuple: { proto: 'tcp', src: '10.0.0.1', dst: '10.0.0.2', dport: 80 }, verdict }) as never
const where = { namespace: 'client c2', at: 'forward', by: 'iptables' }
const lost = trace({ kind: 'unknown', because: 'whether the port of the source is 7000 is not known', where })
const sent = trace({ kind: 'unknown', because: 'nobody is read', where: { ...where, at: 'neighbour', by: 'kernel' } })
const dropped = trace({ kind: 'dropped', where })
const socket = { port: 80, processes: [] }
const tried = (was: never, then: never, after: Tried['after']): Tried => ({
  what: 'port fixed',
  before: 'unknown',
  after,
  was: [was],
  traces: [then],
})

test('what was not known before is not compared where it ends afterwards', () => {
  expect(worseBy(tried(lost, dropped, 'silent'))).toBeUndefined()
  expect(isOpen(tried(lost, dropped, 'silent'))).toBe(true)
  expect(isOpen(tried(lost, lost, 'unknown'))).toBe(false)
})

test('what left the machines before and ends on one of them afterwards is worse', () => {
  expect(worseBy(tried(sent, dropped, 'silent'))).toBe('')
  expect(isOpen(tried(sent, dropped, 'silent'))).toBe(false)
})

test('what is lost behind a bridge of allocations never left the machines, so it tells nothing', () => {
  expect(worseBy({ ...tried(sent, dropped, 'silent'), stays: true })).toBeUndefined()
})

test('what left the machines before is no worse where it comes to its target, and nobody listens there', () => {
  const shut = {
    ...(trace({ kind: 'refused', namespace: 'allocation a1', with: 'tcp-reset' }) as object),
    back: { verdict: { kind: 'returned', namespace: 'client c1' } },
  } as never
  const meant = ['allocation a1']
  expect(worseBy({ ...tried(sent, shut, 'refused'), meant })).toBeUndefined()
  expect(worseBy(tried(sent, shut, 'refused'))).toBe('')
  expect(worseBy({ ...tried(sent, dropped, 'silent'), meant })).toBe('')
  const answered = { ...(shut as object), verdict: { kind: 'delivered', namespace: 'allocation a1', socket: socket } }
  expect(worseBy({ ...tried(answered as never, shut, 'refused'), before: 'answered', meant })).toBe('')
})
