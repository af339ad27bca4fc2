import { afterEach, expect, test } from 'vitest'
import type { Subject } from '../../src/knowledge/subject.ts'
import { widthOf } from '../../src/components/width.ts'
import { clusterId } from '../../src/knowledge/things.ts'
import { cleanup, rich, stage, subject } from './stage.tsx'

afterEach(cleanup)

const worker = 'payments-reconciliation-worker-europe-west'
const long: Subject = {
  from: { kind: 'workload', namespace: 'default', job: worker, group: worker },
  to: { kind: 'workload', namespace: 'default', job: 'customer-notification-dispatch-gateway', group: 'gateway' },
  port: 'http-metrics',
  symptom: 'cannot-connect',
}

async function headed(asked: Subject, columns: number, rows = 24, spoken = false): Promise<readonly string[]> {
  const { text, store, keys } = await stage('walk', { columns, rows, terminal: { ...rich, spoken } })
  store.setState({ aim: { kind: 'path', subject: asked } })
  await keys('x')
  const lines = text().split('\n')
  expect(lines.length).toBeLessThanOrEqual(rows)
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns)
  expect(lines.at(-1)).toMatch(/quit/)
  return lines.slice(
    0,
    lines.findIndex((line) => line.startsWith('─')),
  )
}

test('who cannot reach whom, and where we look, are on one line', async () => {
  expect(await headed(subject, 80)).toEqual([
    expect.stringMatching(/^ Walk {2}outside:10\.0\.0\.9:80 +● http:\/\/lab1:4646 · ns default · read-only$/),
  ])
})

test('nothing says that a cluster is there before it answered', async () => {
  const { text, store, keys } = await stage('home', { columns: 120, rows: 24, terminal: rich })
  store.setState({ facts: new Map() })
  await keys('x')
  expect(text()).toMatch(/◌ http:\/\/lab1:4646/)
  expect(text()).not.toMatch(/●/)
})

test('where we look says what the token is', async () => {
  const { text, store, keys } = await stage('walk', { columns: 120, rows: 24, terminal: rich })
  const acl = { enabled: true, token: 'on-call', policies: ['readonly'] }
  const seen = { by: 'acl-token', ask: '', request: '', excerpt: '', at: '' }
  const facts = new Map(store.getState().facts)
  facts.set(clusterId, new Map(facts.get(clusterId)).set('cluster.acl', { known: true, value: acl, seen }))
  store.setState({ facts })
  await keys('x')
  expect(text()).toMatch(/^ Walk .*lab1:4646 · ns default · read-only · token on-call \(readonly\)/)
})

test('what the source dials stands behind whom it is to reach', async () => {
  const [first] = await headed({ ...subject, dials: '10.0.0.1:8080' }, 100)
  expect(first).toMatch(/10\.0\.0\.9:80 dials 10\.0\.0\.1:8080 +● http/)
})

test('long names have lines of their own, and keep both ends where even that is too short', async () => {
  const [first, ...more] = await headed(long, 120)
  expect(first).toMatch(/^ Walk +● http:\/\/lab1:4646 · ns default · read-only$/)
  expect(more).toEqual([`  ${worker}/${worker} →`, '    customer-notification-dispatch-gateway/gateway:http-metrics'])
  const narrow = await headed(long, 60, 16)
  expect(narrow[1]).toMatch(/^ {2}payments-reconciliation-\S*…\S*-europe-west →$/)
  expect(narrow[2]).toMatch(/^ {4}customer.*…?.*:http-metrics$/)
  expect(narrow).toHaveLength(3)
})

test('the jobs of a survey are named, the first of them', async () => {
  const { text, store, keys } = await stage('survey')
  const jobs = ['api', 'web', 'db', 'cache', 'queue'].map((id) => ({ id, namespace: 'default' }))
  store.setState({ aim: { kind: 'survey', jobs } })
  await keys('x')
  expect(text()).toMatch(/^ Survey {2}api, web, db and 2 more jobs/)
})
