import { expect, test } from 'vitest'
import { arrivesText } from '../../src/way/supposed.ts'

const trace = (verdict: object) => ({ hops: [], chances: [], verdict }) as never
const delivered = trace({ kind: 'delivered', namespace: 'allocation a1' })
const dropped = trace({ kind: 'dropped', why: 'policy DROP', by: { namespace: 'client c1' } })
const walked = (...traces: never[]) => ({ what: '10.0.0.1:80', before: 'silent', after: 'silent', traces }) as const
const made = (...walks: ReturnType<typeof walked>[]) =>
  ({ tried: true, walks, arrives: 'no', others: 0, notCompared: 0, left: 0, worse: [] }) as const

test('a packet that arrives and whose answer does not is told from one that does not arrive', () => {
  expect(arrivesText(made(walked(delivered)))).toBe('The packet arrives with it, and its answer does not')
  expect(arrivesText(made(walked(dropped)))).toBe('The packet does not arrive with it')
  expect(arrivesText(made(walked(delivered, dropped)))).toBe('The packet does not arrive with it')
  const stray = { ...walked(delivered), stray: 'a program takes it' }
  expect(arrivesText(made(stray))).toBe('The packet does not arrive with it')
})
