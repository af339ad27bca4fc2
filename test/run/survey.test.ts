import { expect, test } from 'vitest'
import { refused } from '../../src/sources/reply.ts'
import type { Ask, Request } from '../../src/ask/request.ts'
import { unsettled } from '../../src/knowledge/unsettled.ts'
import { nothingTold } from '../../src/knowledge/told.ts'
import { gather, picture } from '../../src/run/loop.ts'
import { json } from '../../src/renderers/json.ts'
import { text } from '../../src/renderers/text.ts'
import type { Report } from '../../src/knowledge/report.ts'
import { library } from '../../src/cli/print.ts'
import { opened, recordings } from '../recordings.ts'

const found = async (...nodes: readonly string[]) => {
  const recording = recordings.find(({ id }) => id === 'wrong-to-port')
  if (!recording) throw new Error('no such recording')
  const aim = {
    kind: 'survey',
    nodes,
    jobs: [
      { id: 'orders-api', namespace: 'default' },
      { id: 'checkout', namespace: 'default' },
    ],
  } as const
  const facts = await gather(aim, (await opened(recording)).ask, new Map(), () => nothingTold)
  const { report, scope } = picture(aim, facts, nothingTold)
  return [...report.findings.map(({ id }) => id), ...scope.map(({ about }) => about)]
}

test('a survey of a client judges what runs there, and nothing of other clients', async () => {
  expect(await found('c1')).toContain('wrong-to-port')
  expect(await found('c2')).not.toContain('wrong-to-port')
  expect(await found('c1')).toContain('path:*->orders-api/api')
  expect(await found('c2')).not.toContain('path:*->orders-api/api')
})

const whole = { kind: 'survey' } as const
const surveyed = (id: string, refuses: (request: Request) => boolean = () => false) =>
  surveyedBy(
    id,
    (ask) => (request) =>
      refuses(request) ? Promise.resolve(refused('denied', 'HTTP 403: Permission denied')) : ask(request),
  )
const surveyedBy = async (id: string, change: (ask: Ask) => Ask) => {
  const recording = recordings.find((one) => one.id === id)
  if (!recording) throw new Error('no such recording')
  const asking = change((await opened(recording)).ask)
  return picture(whole, await gather(whole, asking, new Map(), () => nothingTold), nothingTold).report
}

test.each(recordings.flatMap(({ id, truth }) => (truth.state === 'healthy' ? [id] : [])))(
  'a survey of %s, where all is well, leaves nothing open and says how much depends on who calls',
  async (id) => {
    const report = await surveyed(id)
    const { faults, callers } = unsettled(report)
    expect(faults).toEqual([])
    expect(callers).toBeGreaterThan(0)
    expect(report.findings.filter(({ severity }) => severity !== 'risks')).toEqual([])
  },
)

test('what a survey needs and may not read stays open, and is never taken for a matter of who calls', async () => {
  const report = await surveyed('bridge-healthy', (request) => 'argv' in request && request.argv[0] === 'iptables-save')
  const { faults } = unsettled(report)
  expect(faults.map(({ id }) => id)).toContain('ruleset-flushed')
  expect(faults.flatMap(({ because }) => because.map(({ why }) => why))).not.toContain('not-named')
})

const stripped =
  (job: string) =>
  (ask: Ask): Ask =>
  async (request) => {
    const reply = await ask(request)
    const lists = request.via === 'nomad' && request.path.startsWith(`/v1/job/${job}/allocations`)
    return lists && reply.status === 200 ? { ...reply, body: '[]' } : reply
  }
const frame = {
  source: { kind: 'case', where: 'x' },
  subject: { from: null, to: null, port: null, symptom: 'unknown' },
  survey: 'all jobs and clients',
} as const
const printedAs = (report: Report) => ({
  text: text(report, frame, library),
  json: JSON.parse(json(report, frame)) as {
    readonly diagnosis: unknown
    readonly undetermined?: string
    readonly unplaced?: readonly { readonly about: string; readonly sentence: string }[]
    readonly signs?: readonly { readonly sentence: string }[]
  },
})

test('a group without an allocation is said beside what was found, in text and in JSON', async () => {
  const said = printedAs(await surveyedBy('wrong-to-port', stripped('checkout')))
  const sentence = 'group checkout/web has no allocation on any client'
  expect(said.json.diagnosis).toMatchObject({ fault: 'wrong-to-port' })
  expect(said.json.unplaced).toMatchObject([{ about: 'group:checkout/web', sentence, meets: 'not-placed' }])
  expect(said.json.undetermined).toBeUndefined()
  expect(said.text).toContain('Group checkout/web has no allocation on any client.')
})

test('and where nothing else is wrong it is what the report says first, in both the same', async () => {
  const said = printedAs(await surveyedBy('bridge-healthy', stripped('checkout')))
  expect(said.json.diagnosis).toBeNull()
  expect(said.json.undetermined).toMatch(/^group checkout\/web has no allocation on any client/)
  expect(said.text.replace(/\s+/g, ' ')).toContain(`Undetermined: ${said.json.undetermined}.`)
  expect(said.json.signs?.map(({ sentence }) => sentence)).toEqual(said.json.unplaced?.map(({ sentence }) => sentence))
})

test('a group whose fault is found is not told twice, and one that is placed not at all', async () => {
  expect((await surveyed('bridge-healthy')).unplaced).toBeUndefined()
  const found = await surveyed('missing-host-network')
  expect(found.diagnosis?.fault).toBe('missing-host-network')
  expect(found.unplaced).toBeUndefined()
})
