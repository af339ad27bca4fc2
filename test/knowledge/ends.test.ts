import { describe, expect, test } from 'vitest'
import { exitCode } from '../../src/knowledge/exit-code.ts'
import { packetEnd } from '../../src/knowledge/ends.ts'
import type { Report } from '../../src/knowledge/report.ts'
import type { Trace } from '../../src/knowledge/shapes/packet.ts'
import type { PathWalk } from '../../src/knowledge/shapes/walk.ts'
import { undetermined } from '../../src/knowledge/unsettled.ts'
import { endWords } from '../../src/way/told.ts'
import { worldOf } from '../engine/world.ts'
import { diagnosed, recordings } from '../recordings.ts'

const at = (namespace: string) => ({ namespace, at: 'forward', by: 'kernel' }) as const
const ended = (verdict: Trace['verdict'], back?: NonNullable<Trace['back']>['verdict']): Trace =>
  ({ hops: [], verdict, tuple: {}, chances: [], ...(back ? { back: { hops: [], verdict: back } } : {}) }) as never
const dropped = (namespace: string) => ended({ kind: 'dropped', why: 'no', by: at(namespace) })
const refused = ended({ kind: 'refused', namespace: 'a1', with: 'tcp-reset' })
const walkTo = (host: string, outcome: PathWalk['outcome'], ...traces: Trace[]): PathWalk =>
  ({
    dial: { host, port: 25000, from: 'test' },
    begins: 'source',
    wanted: { proto: 'tcp' },
    places: { c1: { kind: 'client', label: 'client c1' }, a1: { kind: 'alloc', label: 'allocation a1' } },
    traces,
    outcome,
    unread: [],
  }) as unknown as PathWalk
const endOf = (walks: readonly PathWalk[], attempts: readonly object[] = []) => {
  const world = worldOf({ p: { kind: 'path', facts: { 'path.walks': walks, 'path.attempts': attempts } } })
  return packetEnd([...world.things.values()], world, () => 'no way')
}

describe('where the packet of a path ends', () => {
  test('it is named by place and address; of several addresses the first', () => {
    expect(endOf([walkTo('10.0.0.2', 'silent', dropped('c1')), walkTo('10.0.0.3', 'refused', refused)])).toEqual({
      about: 'path:p',
      address: '10.0.0.2:25000',
      place: 'client c1',
      of: 'packet',
      why: 'no way',
    })
    expect(endOf([walkTo('fd00::2', 'refused', refused)])).toMatchObject({
      address: '[fd00::2]:25000',
      place: 'allocation a1',
    })
  })

  test('the answer of a packet that arrives may end as well', () => {
    const delivered = { kind: 'delivered', namespace: 'a1', socket: {} } as never
    const lost = ended(delivered, { kind: 'dropped', why: 'no', by: at('c1') })
    expect(endOf([walkTo('10.0.0.2', 'silent', lost)])).toMatchObject({ place: 'client c1', of: 'answer' })
  })

  test.each<[string, readonly PathWalk[], readonly object[]]>([
    ['there is no walk', [], []],
    ['an address answers', [walkTo('10.0.0.2', 'silent', dropped('c1')), walkTo('10.0.0.3', 'answered', refused)], []],
    [
      'an address may answer',
      [walkTo('10.0.0.2', 'silent', dropped('c1')), walkTo('10.0.0.3', 'unknown', refused)],
      [],
    ],
    ['it ends by chance here or there', [walkTo('10.0.0.2', 'silent', dropped('c1'), dropped('c2'))], []],
    [
      'the address was measured to answer',
      [walkTo('10.0.0.2', 'silent', dropped('c1'))],
      [{ from: 'source', place: 'a1', host: '10.0.0.2', port: 25000, outcome: 'answered' }],
    ],
  ])('nothing is said where %s', (_why, walks, attempts) => {
    expect(endOf(walks, attempts)).toBeUndefined()
  })
})

test.each(recordings.filter(({ truth }) => truth.state !== 'broken').map((one) => [one.id, one] as const))(
  'in %s nothing is said to end',
  async (_id, recording) => {
    expect((await diagnosed(recording)).report.ends).toBeUndefined()
  },
)

test('a packet that is dropped ends at the client that drops it, and a diagnosis says more than that', async () => {
  const recording = recordings.find(({ id }) => id === 'ip-forward-off')
  if (!recording) throw new Error('no such recording')
  const { report, world, scope } = await diagnosed(recording)
  expect(packetEnd(scope, world, endWords)).toMatchObject({
    place: 'client c1',
    of: 'packet',
    why: 'dropped, nobody is told: eth0 does not forward',
  })
  expect(report.ends).toBeUndefined()
})

const bare: Report = {
  diagnosis: null,
  findings: [],
  unknown: [],
  steps: [],
  counts: { judged: 0, present: 0, absent: 0, unknown: 0 },
}
const ends = {
  about: 'path:p',
  address: '10.0.0.2:25000',
  place: 'client c1',
  of: 'packet',
  why: 'no way, there is no route',
} as const

test('an end without a known cause is undetermined, and said after what was measured', () => {
  const where =
    'packet to 10.0.0.2:25000 ends at client c1, by the rules and routes that were read: no way, there is no route (path shows the way)'
  expect(undetermined({ ...bare, ends })).toBe(`the ${where}. No known fault explains it`)
  const signs = [{ about: 'path:p', sentence: 'a check fails', meets: 'other', evidence: [] }] as const
  expect(undetermined({ ...bare, ends, signs })).toBe(`a check fails. The ${where}. No known fault explains it`)
  expect(undetermined({ ...bare, ends: { ...ends, of: 'answer' } })).toContain('the answer from 10.0.0.2:25000 ends at')
  expect(exitCode({ ...bare, ends })).toBe(3)
  expect(exitCode(bare)).toBe(0)
})

test('what is written and breaks things is named where nothing that was measured explains it', () => {
  const written = {
    id: 'wrong-to-port',
    about: 'group:shop/web',
    severity: 'breaks',
    sentence: '',
    evidence: [],
    fix: [],
    doc: '',
    because: [],
  } as const
  const signs = [{ about: 'path:p', sentence: 'a check fails', meets: 'other', evidence: [] }] as const
  const unknown = [{ id: 'bridge-down', about: 'path:p', because: [], settle: '' }]
  const steps = [{ fault: 'bridge-down', verdict: 'unknown', by: 'assumed', open: true }] as const
  const foretold = [
    written,
    { ...written, id: 'port-clash' },
    { ...written, id: 'minor', severity: 'degrades' },
  ] as const
  expect(undetermined({ ...bare, signs, foretold: [written] })).toBe(
    'a check fails. No fault that was measured explains it; foretold by the job file, not measured: wrong-to-port',
  )
  expect(undetermined({ ...bare, unknown, steps, foretold })).toBe(
    'no cause was measured; foretold by the job file, not measured: wrong-to-port and 1 more; 1 fault on the way is not settled',
  )
  expect(undetermined({ ...bare, signs, foretold: foretold.slice(2) })).toBe(
    'a check fails. No known fault explains it',
  )
})

test('that a connection works now is said before what stays open', () => {
  const unknown = [{ id: 'bridge-down', about: 'path:p', because: [], settle: '' }]
  const steps = [
    { fault: 'bridge-down', verdict: 'unknown', by: 'assumed', open: true },
    { question: 'attempt', answer: 'answered', by: 'measured' },
  ] as const
  expect(undetermined({ ...bare, unknown, steps })).toBe(
    'a connection from the source gets an answer now, and 1 fault on the way is not settled',
  )
})
