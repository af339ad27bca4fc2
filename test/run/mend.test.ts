import { expect, test } from 'vitest'
import { submittedReader } from '../../src/cli/lint-fix.ts'
import type { Ask } from '../../src/ask/request.ts'
import type { Report } from '../../src/knowledge/report.ts'
import { gather, picture } from '../../src/run/loop.ts'
import { mended } from '../../src/run/mend.ts'
import { subjectOf } from '../../src/run/subject.ts'
import { cached } from '../../src/sources/cache.ts'
import { CaseError, openCase } from '../../src/sources/case.ts'

async function reportOf(
  id: string,
  through: (source: Ask) => Ask = (source) => source,
  from = 'cases',
): Promise<Report> {
  const opened = await openCase(`${from}/${id}`)
  if (opened instanceof CaseError) throw new Error(opened.message)
  const aim = { kind: 'path', subject: subjectOf(opened.info) } as const
  const told = { answers: { ...opened.info.told }, checks: {} }
  const { ask } = cached(through(opened.ask))
  const facts = await gather(aim, ask, new Map(), () => told)
  return mended(picture(aim, facts, told), { aim, facts, told, ask }, async () => submittedReader())
}
const mainFix = ({ diagnosis, findings }: Report) =>
  findings.find(({ id, about }) => id === diagnosis?.fault && about === diagnosis.about)?.fix ?? []

test.each([
  ['docker-ports-not-listed', '+        ports   = ["http"]'],
  ['implicit-consul-provider', '+      provider = "nomad"'],
  ['same-group-not-shared-netns', '+      mode = "bridge"'],
  ['template-wrong-catalog', '+      {{ range nomadService "orders-api" }}ORDERS="{{ .Address }} {{ .Port }}"'],
])('%s: the submitted file is edited, and the edit is proven over the recorded replies', async (id, line) => {
  const [first] = mainFix(await reportOf(id))
  expect(first).toMatchObject({ proven: true })
  expect(first?.diff?.split('\n')).toContain(line)
})

/** The same case, from servers that keep no submitted files. */
const forgetful =
  (source: Ask): Ask =>
  async (request) =>
    'path' in request && request.path.includes('/submission')
      ? { status: 404, body: 'job source not found', at: '2026-01-01T00:00:00Z', ms: 1 }
      : source(request)

test('without the submitted file there are steps only, and it says why', async () => {
  const [first] = mainFix(await reportOf('docker-ports-not-listed', forgetful))
  expect(first).not.toHaveProperty('diff')
  expect(first).not.toHaveProperty('proven')
  expect(first?.note).toMatch(/^no automatic edit: the submitted file of job orders-api is not known \(/)
})

/** A server that reads and plans. */
const planning =
  (source: Ask): Ask =>
  async (request) => {
    if (!('method' in request) || request.method !== 'POST' || !('path' in request)) return source(request)
    const reply = (body: object) => ({ status: 200, body: JSON.stringify(body), at: '2026-01-01T00:00:00Z', ms: 1 })
    if (request.path.startsWith('/v1/jobs/parse')) {
      expect(JSON.stringify(request.body)).toContain('ports   = [')
      return reply({ ID: 'orders-api' })
    }
    return reply({
      Annotations: { DesiredTGUpdates: { api: { Place: 0, DestructiveUpdate: 2 } } },
      FailedTGAllocs: null,
    })
  }

test("a server's plan of the edited file stands beside the edit", async () => {
  const [first] = mainFix(await reportOf('docker-ports-not-listed', planning))
  expect(first?.plan).toBe('group api: 2 replaced; everything finds a place')
})

test('what the scheduler said of the old job does not speak against the edit', async () => {
  const [first] = mainFix(await reportOf('mode-typo-or-case', undefined, 'test/recordings'))
  expect(first).toMatchObject({ proven: true })
  expect(first?.diff).toContain('+      mode = "bridge"')
})
