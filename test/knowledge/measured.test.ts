import { expect, test } from 'vitest'
import { agrees, isLate } from '../../src/knowledge/measured.ts'
import type { Trace, Where } from '../../src/knowledge/shapes/packet.ts'

const by = (iif?: string): Where => ({
  namespace: 'c1',
  at: 'route',
  by: 'kernel',
  ...(iif === undefined ? {} : { iif }),
})
const ends = (verdict: Trace['verdict']): readonly Trace[] => [
  { hops: [], chances: [], tuple: { proto: 'tcp', src: '10.0.0.1', dst: '10.0.0.2', dport: 80 }, verdict },
]
const forbidden = (iif?: string) => ends({ kind: 'unreachable', how: 'prohibit', why: 'prohibit', by: by(iif) })
const rejected = (how: string, iif?: string) => ends({ kind: 'rejected', with: how, by: by(iif) })

test.each<[name: string, traces: readonly Trace[], late: boolean]>([
  ['a route on the way', forbidden('nomad'), true],
  ['a route where the program runs', forbidden(), false],
  ['a rule on the way that answers by ICMP', rejected('icmp-port-unreachable', 'eth0'), true],
  ['the same by a reset', rejected('tcp-reset', 'eth0'), false],
  ['a rule where the program runs', rejected('icmp-port-unreachable'), false],
  ['dropped', ends({ kind: 'dropped', why: '', by: by('eth0') }), false],
  ['nothing was followed', [], false],
])('told late or never: %s', (_, traces, late) => {
  expect(isLate(traces)).toBe(late)
})

test('a failure that may not be told agrees with silence, and with nothing that stood', () => {
  expect(agrees('unreachable', { outcome: 'timed-out' }, true)).toBe(true)
  expect(agrees('unreachable', { outcome: 'timed-out' })).toBe(false)
  expect(agrees('refused', { outcome: 'unreachable' }, true)).toBe(true)
  expect(agrees('refused', { outcome: 'connected' }, true)).toBe(false)
  expect(agrees('silent', { outcome: 'refused' })).toBe(false)
})
