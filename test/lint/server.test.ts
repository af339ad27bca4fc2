import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { editable } from '../../src/cli/lint-fix.ts'
import { openerOf, parsers, type Opener } from '../../src/cli/lint-open.ts'
import type { HclParser } from '../../src/jobfile/parser.ts'
import { givenValues } from '../../src/jobfile/read.ts'
import { placeOf } from '../../src/knowledge/place.ts'
import { judgeJobs } from '../../src/run/lint.ts'
import { withDiffs } from '../../src/run/prove.ts'

const text = readFileSync('test/lint/server/web.nomad.hcl', 'utf8')
// What a Nomad 2.0.6 made of that file with two ports, http and metrics, and the image api:1.
const job: unknown = JSON.parse(readFileSync('test/lint/server/web.parsed.json', 'utf8'))
const vars = ['ports=["http","metrics"]', 'image=api:1']
let parser: HclParser
beforeAll(async () => {
  parser = parsers()
})

async function linted(given: readonly string[], parse?: () => Promise<{ job: unknown }>) {
  const values = await givenValues(given, [], {}, parser)
  if (typeof values === 'string') throw new Error(values)
  const open = openerOf(values, parser, parse && { parse, close: () => Promise.resolve() })
  const { jobs, holes } = await open('web.nomad.hcl', text)
  return { jobs, holes, findings: await findingsOf(open, jobs) }
}

async function findingsOf(open: Opener, jobs: Awaited<ReturnType<Opener>>['jobs']) {
  const before = judgeJobs(jobs)
  const { findings } = await withDiffs(before.report, editable('web.nomad.hcl', text, open, parser), before)
  return findings.map(({ id, location, fix }) => ({
    id,
    location,
    diffs: fix.map(({ diff, proven }) => [diff, proven]),
  }))
}

test('with the parse of the servers, findings stand where they stand without it, and have the same edits', async () => {
  const alone = await linted(vars)
  const asked = await linted(vars, () => Promise.resolve({ job }))
  expect(alone.findings.map(({ id, location }) => [id, location?.line])).toEqual([
    ['docker-hostname-in-bridge', 34],
    ['service-port-label-unknown', 27],
  ])
  expect(asked).toEqual(alone)
})

test('what cannot be evaluated here is what the servers say, where it is written', async () => {
  const { jobs, holes, findings } = await linted([], () => Promise.resolve({ job }))
  expect(holes).toEqual([])
  expect(findings.map(({ id, location }) => [id, location?.line])).toEqual([
    ['docker-hostname-in-bridge', 34],
    ['service-port-label-unknown', 27],
  ])
  const [spec] = jobs.map(({ held }) => (held.known ? held.value : undefined))
  const [group] = spec?.groups ?? []
  expect(group?.network?.ports.map((port) => [port.label, port.to, placeOf(port)?.block.line])).toEqual([
    ['admin', undefined, 13],
    ['http', 8080, 17],
    ['metrics', 8080, 17],
  ])
  expect(group?.tasks[0]?.config).toEqual({ image: 'api:1', hostname: 'api' })
})

test('without the servers, it stays open', async () => {
  const { holes, findings } = await linted([])
  expect(holes).toHaveLength(2)
  expect(findings).toEqual([])
})

test('a parse that is no job changes nothing', async () => {
  expect(await linted(vars, () => Promise.resolve({ job: 'so' }))).toEqual(await linted(vars))
})
