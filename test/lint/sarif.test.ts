import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { around } from '../../src/cli/lint-around.ts'
import { library } from '../../src/cli/print.ts'
import type { Report } from '../../src/knowledge/report.ts'
import { sarif } from '../../src/renderers/sarif.ts'
import { judgeClients } from '../../src/run/lint.ts'
import { together } from '../../src/run/lint-together.ts'
import { entries, folder, linted } from './corpus.ts'

/** The schema as OASIS publishes it: https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
const published = JSON.parse(readFileSync('test/lint/sarif-schema-2.1.0.json', 'utf8')) as Record<string, unknown>
// It uses nothing that later drafts read otherwise than draft 4, whose own schema is not at hand.
const { $schema: _, id: __, ...schema } = published
const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema)

const nothing = {
  files: new Map<string, string>(),
  problems: [],
  holes: [],
  ignored: 0,
  fixed: [],
  patches: [],
  notWritten: [],
  notes: [],
  passedOver: [],
  unmet: [],
  others: 0,
}
const valid = async (reports: readonly Report[], more: Partial<typeof nothing> = {}) => {
  const log = JSON.parse(sarif({ ...nothing, ...more, report: together(reports) }, library)) as unknown
  validate(log)
  expect(validate.errors ?? []).toEqual([])
}

test('findings of all faulty job files are valid SARIF 2.1.0', async () => {
  const faulty = entries.filter(({ kind }) => kind === 'faulty')
  const files = new Map(faulty.map(({ file }) => [file, readFileSync(`${folder}/${file}`, 'utf8')] as const))
  const reports = []
  for (const entry of faulty) reports.push((await linted(entry)).report)
  await valid(reports, { files })
}, 60_000)

test('findings about agents, problems of syntax and an empty run are valid, too', async () => {
  const agents = entries.filter(({ file }) => file.startsWith('agents/faulty/'))
  const texts = agents.map(({ file }) => ({ name: file, text: readFileSync(`${folder}/${file}`, 'utf8') }))
  await valid([judgeClients(await around(texts, [])).report], {
    files: new Map(texts.map((one) => [one.name, one.text])),
  })
  await valid([], { problems: [{ file: 'a.hcl', line: 2, column: 3, summary: 'Invalid', detail: '' }] as never[] })
  await valid([], {
    problems: [{ file: 'gone.hcl', line: 0, column: 0, summary: 'cannot be read', detail: 'x' }] as never[],
  })
  await valid([])
})

test('the schema refuses what is no SARIF', () => {
  expect(validate({ version: '2.1.0', runs: [{}] })).toBe(false)
})

test.each([
  ['jobs/a b.nomad.hcl', 'jobs/a%20b.nomad.hcl'],
  ['/tmp/jobs/ü.nomad.hcl', 'file:///tmp/jobs/%C3%BC.nomad.hcl'],
  ['C:\\jobs\\web.nomad.hcl', 'file:///C:/jobs/web.nomad.hcl'],
])('the address of %s is a valid URI', (file, uri) => {
  const problems = [{ file, line: 1, column: 1, summary: 'Invalid', detail: '' }] as never[]
  const log = sarif({ ...nothing, problems, report: together([]) }, library)
  expect(log).toContain(`"uri": "${uri}"`)
  expect(URL.canParse(uri, 'file:///')).toBe(true)
})
