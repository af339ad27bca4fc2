import { beforeAll, expect, test } from 'vitest'
import { editable } from '../../src/cli/lint-fix.ts'
import { openerOf, parsers } from '../../src/cli/lint-open.ts'
import type { HclParser } from '../../src/jobfile/parser.ts'
import type { FixStep } from '../../src/knowledge/fault.ts'
import { json } from '../../src/renderers/json.ts'
import { judgeJobs } from '../../src/run/lint.ts'
import { withDiffs } from '../../src/run/prove.ts'

// In a mode that Nomad does not know nothing is said of what only goes wrong in bridge mode.
const text = (more: string) => `job "shop" {
  group "api" {
    network {
      mode = "Bridge"
      port "http" {
        to = 8080
      }
    }
    service {
      provider = "nomad"
      port     = "http"
    }
    task "api" {
      driver = "docker"
      config {
        image = "api:1"
        ports = ["http"]
        ${more}
      }
    }
  }
}
`
let parser: HclParser
beforeAll(async () => {
  parser = parsers()
})

async function stepsOf(more: string): Promise<readonly FixStep[]> {
  const open = openerOf(new Map(), parser)
  const file = editable('shop.nomad.hcl', text(more), open, parser)
  const before = judgeJobs((await open(file.name, file.text)).jobs)
  const { findings } = await withDiffs(before.report, file, before)
  expect(findings.map(({ id }) => id)).toEqual(['mode-typo-or-case'])
  return findings.flatMap(({ fix }) => fix)
}

test('an edit that uncovers another fault says so, with its words, and is not proven', async () => {
  const [step] = await stepsOf('hostname = "api"')
  expect(step).toMatchObject({
    diff: expect.stringContaining('+      mode = "bridge"') as unknown,
    note: expect.stringMatching(
      /^not proven: the edit removes this and uncovers docker-hostname-in-bridge \(.*hostname.*\)$/,
    ) as unknown,
    uncovers: [{ id: 'docker-hostname-in-bridge', about: 'task:shop/api/api' }],
  })
  expect(step).not.toHaveProperty('proven')
})

test('one that does not is proven', async () => {
  const [step] = await stepsOf('')
  expect(step).toMatchObject({ proven: true })
  expect(step).not.toHaveProperty('uncovers')
})

test('a program is told the ids', async () => {
  const open = openerOf(new Map(), parser)
  const file = editable('shop.nomad.hcl', text('hostname = "api"'), open, parser)
  const before = judgeJobs((await open(file.name, file.text)).jobs)
  const report = await withDiffs(before.report, file, before)
  const frame = {
    source: { kind: 'files', where: '' },
    subject: { from: null, to: null, port: null, symptom: '' },
  } as const
  const printed = JSON.parse(json(report, frame)) as { findings: { fix: { uncovers?: { id: string }[] }[] }[] }
  expect(printed.findings[0]?.fix[0]?.uncovers?.map(({ id }) => id)).toEqual(['docker-hostname-in-bridge'])
})
