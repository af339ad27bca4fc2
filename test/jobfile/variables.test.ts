import { expect, test } from 'vitest'
import { givenValues, readJobFile } from '../../src/jobfile/read.ts'
import { asFile, valuesOf } from '../../src/jobfile/variables.ts'
import { body } from '../../src/jobfile/tree.ts'
import { parser } from './parsed.ts'

test('values from the environment, files of both kinds and flags reach the servers as one file, each name once', async () => {
  const hcl = parser
  const json = '{"label": "a\\b ${x} %{y}", "ports": [1, 2], "meta": {"k": null}, "late": "json"}'
  const files = [
    { name: 'a.hcl', text: 'late = "hcl"\nfirst = true\n' },
    { name: 'b.json', text: json },
  ]
  const given = await givenValues(['late=flag', 'list=["x"]'], files, { NOMAD_VAR_from: 'env' }, hcl)
  if (typeof given === 'string') throw new Error(given)
  const text = asFile(given)
  expect(await hcl.problems(text)).toEqual([])
  const read = await hcl.reading((read) => read(text, ({ rootNode }) => valuesOf(body(rootNode))))
  expect(Object.fromEntries(read)).toEqual({
    from: 'env',
    late: 'flag',
    first: true,
    label: 'a\b ${x} %{y}',
    ports: [1, 2],
    meta: new Map([['k', null]]),
    list: ['x'],
  })
})

const rule = (condition: string, message = '"The port must be above 1024."') =>
  `variable "port" {\n  type = number\n  default = 8080\n  validation {\n    condition = ${condition}\n    error_message = ${message}\n  }\n}\njob "j" {\n}\n`
const refusals = async (text: string, given: readonly string[] = []) => {
  const values = await givenValues(given, [], {}, parser)
  if (typeof values === 'string') throw new Error(values)
  return (await readJobFile(text, values, parser)).refused.map(
    ({ line, column, summary, detail }) => `${line}:${column}: ${summary}; ${detail}`,
  )
}

test.each([
  ['var.port > 1024', [], undefined],
  ['var.port > 1024', ['port=80'], '5:17: Invalid value for variable "port"; The port must be above 1024.'],
  ['contains([80, 443], var.port)', ['port=443'], undefined],
  ['var.port > var.other', [], '5:17: Invalid reference in variable validation'],
  ['true', [], '5:17: Invalid variable validation condition'],
  ['var.port', [], '5:17: Invalid variable validation result'],
])('a variable asks of its value: %s with %j', async (condition, given, words) => {
  const found = await refusals(rule(condition), given)
  expect(found).toEqual(words === undefined ? [] : [expect.stringContaining(words)])
})

test('a value that only the servers have is not judged, and a rule needs a condition and a sentence', async () => {
  const open = rule('var.port > 1024').replace('  default = 8080\n', '')
  expect(await refusals(open)).toEqual([])
  expect(await refusals(rule('var.port > 1024', '"too low"'))).toEqual([
    expect.stringContaining('6:21: Invalid validation error message'),
  ])
  expect(await refusals('variable "a" {\n  validation {\n  }\n}\njob "j" {\n}\n')).toEqual([
    '2:3: Missing required argument; The argument "condition" is required, but no definition was found.',
  ])
})

test('Nomad takes exact types, one job in a file, and each variable once', async () => {
  const optional = 'variable "a" {\n  type = list(object({ x = optional(number) }))\n  default = []\n}\n'
  expect(await refusals(`${optional}job "j" {\n}\n`)).toEqual([
    '2:28: Invalid type specification; Optional attribute modifier is only for type constraints, not for exact types.',
  ])
  expect(await refusals('job "a" {\n}\njob "b" {\n}\n')).toEqual([
    '3:1: Duplicate job block; Only one job block is allowed. Another was defined in line 1.',
  ])
  const twice = 'variable "a" {\n  default = 1\n}\n'
  expect(await refusals(`${twice}${twice}job "j" {\n}\n`)).toEqual([
    '4:1: Duplicate variable; Duplicate a variable definition found.',
  ])
})
