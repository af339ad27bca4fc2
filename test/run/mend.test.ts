import { expect, test } from 'vitest'
import type { Ask } from '../../src/ask/request.ts'
import type { Report } from '../../src/knowledge/report.ts'
import { nothingTold } from '../../src/knowledge/told.ts'
import { reader } from '../../src/cli/reader.ts'
import { mended } from '../../src/run/mend.ts'
import { subjectOf } from '../../src/run/subject.ts'
import { diagnosed, opened, recordings, reportOf } from '../recordings.ts'

const mainFix = ({ diagnosis, findings }: Report) =>
  findings.find(({ id, about }) => id === diagnosis?.fault && about === diagnosis.about)?.fix ?? []

test.each([
  ['docker-ports-not-listed', '+        ports   = ["http"]'],
  ['implicit-consul-provider', '+      provider = "nomad"'],
  ['same-group-not-shared-netns', '+      mode = "bridge"'],
  ['template-wrong-catalog', '+      {{ range nomadService "orders-api" }}ORDERS="{{ .Address }} {{ .Port }}"'],
])('%s: the submitted file is edited, and the edit is proven over the recorded replies', async (id, line) => {
  const [first] = mainFix(await reportOf(`cases/${id}`))
  expect(first).toMatchObject({ proven: true })
  expect(first?.diff?.split('\n')).toContain(line)
})

test.each([
  ['app-ignores-assigned-port', '+        args    = ["-f", "-v", "-p", "${NOMAD_PORT_http}", "-h", "/local"]'],
  ['bind-to-host-ip-inside-netns', '+        args    = ["-f", "-v", "-p", "0.0.0.0:8080", "-h", "/local"]'],
  ['consul-check-address-mode', '+        port     = "http"'],
  ['docker-host-mode-discards-ports', '-        network_mode = "host"'],
  ['docker-network-mode-overrides-group', '-        network_mode = "bridge"'],
  ['sibling-not-up-yet', '+        hook = "poststart"'],
  ['to-without-mapper', '-        to = 8080'],
])('%s: what was measured is mended by the edit of the rule for files', async (id, line) => {
  const [first] = mainFix(await reportOf(`test/recordings/${id}`))
  expect(first).toMatchObject({ proven: true })
  expect(first?.note).toContain('What was measured stays as it is until the edited job runs')
  expect(first?.diff?.split('\n')).toContain(line)
})

/** A file that says another number than the one that was measured. */
const differing =
  (source: Ask): Ask =>
  async (request) => {
    const reply = await source(request)
    return 'path' in request && request.path.includes('/submission') && 'body' in reply
      ? { ...reply, body: reply.body.replaceAll('8080', '9090') }
      : reply
  }

test('what the file foretells of another port than the measured one is no cure', async () => {
  const steps = mainFix(await reportOf('test/recordings/app-ignores-assigned-port', differing))
  expect(steps.filter(({ diff }) => diff !== undefined)).toEqual([])
  expect(steps[0]).toMatchObject({
    do: 'Add to = 8080 to port "http"',
    note: 'no automatic edit: the submitted file alone does not show it',
  })
})

test.each(['connect-not-bridge', 'connect-on-task-service'])('%s: a refused job has no submitted file', async (id) => {
  const [first] = mainFix(await reportOf(`test/recordings/${id}`))
  expect(first).not.toHaveProperty('diff')
  expect(first?.note).toMatch(/^no automatic edit: the servers do not have this job, .*nomad-netdoctor lint FILE/)
})

/** The same case, from servers that keep no submitted files. */
const forgetful =
  (source: Ask): Ask =>
  async (request) =>
    'path' in request && request.path.includes('/submission')
      ? { status: 404, body: 'job source not found', at: '2026-01-01T00:00:00Z', ms: 1 }
      : source(request)

test('without the submitted file there are steps only, and it says why', async () => {
  const [first] = mainFix(await reportOf('cases/docker-ports-not-listed', forgetful))
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
  const [first] = mainFix(await reportOf('cases/docker-ports-not-listed', planning))
  expect(first?.plan).toBe('group api: 2 replaced; everything finds a place')
})

test('what the scheduler said of the old job does not speak against the edit', async () => {
  const [first] = mainFix(await reportOf('test/recordings/mode-typo-or-case'))
  expect(first).toMatchObject({ proven: true })
  expect(first?.diff).toContain('+      mode = "bridge"')
})

test('what the submitted file shows once is mended once: another finding of the fault has no edit of it', async () => {
  const recording = recordings.find(({ dir }) => dir === 'cases/docker-ports-not-listed')!
  const { facts, ...seen } = await diagnosed(recording)
  const { ask, info } = await opened(recording)
  const found = seen.report.findings.filter(({ id }) => id === 'docker-ports-not-listed')
  const another = found.map((one) => ({ ...one, sentence: 'the same of another port' }))
  const report = { ...seen.report, findings: [...found, ...another] }
  const aim = { kind: 'path', subject: subjectOf(info) } as const
  const { findings } = await mended({ ...seen, report }, { aim, facts, told: nothingTold, ask }, reader)
  expect(findings.map(({ fix }) => fix.some(({ diff }) => diff !== undefined))).toEqual([true, false])
})
