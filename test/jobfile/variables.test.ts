import { expect, test } from 'vitest'
import { givenValues } from '../../src/jobfile/read.ts'
import { asFile, valuesOf } from '../../src/jobfile/variables.ts'
import { body } from '../../src/jobfile/tree.ts'
import { parser } from './parsed.ts'

test('values from the environment, files of both kinds and flags reach the servers as one file, each name once', async () => {
  const hcl = await parser()
  const json = '{"label": "a\\b ${x} %{y}", "ports": [1, 2], "meta": {"k": null}, "late": "json"}'
  const files = [
    { name: 'a.hcl', text: 'late = "hcl"\nfirst = true\n' },
    { name: 'b.json', text: json },
  ]
  const given = await givenValues(['late=flag', 'list=["x"]'], files, { NOMAD_VAR_from: 'env' }, hcl)
  if (typeof given === 'string') throw new Error(given)
  const text = asFile(given)
  expect(await hcl.problems(text)).toEqual([])
  const read = hcl.read(text, ({ rootNode }) => valuesOf(body(rootNode)))
  expect(Object.fromEntries(read)).toEqual({
    from: { value: 'env' },
    late: { value: 'flag' },
    first: { value: true },
    label: { value: 'a\b ${x} %{y}' },
    ports: { value: [1, 2] },
    meta: { value: new Map([['k', null]]) },
    list: { value: ['x'] },
  })
})
