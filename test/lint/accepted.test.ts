import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { opener } from '../../src/cli/lint-open.ts'
import { judgeJobs } from '../../src/run/lint.ts'

// Files that Nomad 2.0.6 accepts and that do what they are written for; their first line says what is special in them.
const folder = 'test/lint/accepted'

test.each(readdirSync(folder))('nothing harmful is found in %s', async (name) => {
  const open = await opener([], [], {})
  if ('message' in open) throw new Error(open.message)
  const { jobs, problems } = await open(name, readFileSync(join(folder, name), 'utf8'))
  expect(problems).toEqual([])
  const { findings } = judgeJobs(jobs).report
  expect(findings.filter(({ severity }) => severity !== 'risks').map(({ id, sentence }) => [id, sentence])).toEqual([])
})
