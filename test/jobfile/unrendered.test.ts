import { expect, test } from 'vitest'
import { file } from './parsed.ts'

// What stands in for a value in a template; each is refused by HCL in words that lead nowhere.
test.each([
  ['count = [[ var "count" . | toInt ]]', 'nomad-pack or levant', 11],
  ['[[- if .with_group ]]', 'nomad-pack or levant', 3],
  ['count = {{ replicas }}', 'Jinja (Ansible, Salt) or consul-template', 11],
  ['{% for one in all %}', 'Jinja (Ansible, Salt)', 3],
])('%s is named as a template of %s', async (line, by, column) => {
  const { problems } = await file(`job "a" {\n  ${line}\n}\n`)
  expect(problems).toEqual([
    {
      line: 2,
      column,
      summary: 'A template, not a job file',
      detail: `It looks like one of ${by}: render it first, and give the job file that comes out.`,
    },
  ])
})

test.each([
  'a = [["x"], ["y"]]\nb = [[1], [2]\n',
  'a = <<E\n[[ .x ]] {{ .y }} {% z %}\nE\nb = \n',
  'a = "{{ range service "x" }}"\n',
])('a mistake in %j is told as HCL tells it', async (text) => {
  const { problems } = await file(text)
  expect(problems.length).toBeGreaterThan(0)
  expect(problems.map(({ summary }) => summary)).not.toContain('A template, not a job file')
})
