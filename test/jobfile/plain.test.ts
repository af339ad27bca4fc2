import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { hclJudge } from '../../src/jobfile/hcl.ts'
import { plainIn } from '../../src/jobfile/plain.ts'
import { wasmFiles } from '../../src/sources/wasm.ts'
import { agents, mutatedOf, texts } from './mutated.ts'
import { anyBody } from './bodies.ts'
import { anyPieces } from './pieces.ts'

const judge = hclJudge(wasmFiles.hcl2json)
const isPlain = (text: string): boolean => plainIn(text) !== undefined

/** HCL has nothing against a text that passes for plain. */
async function agrees(text: string): Promise<void> {
  if (isPlain(text)) expect(await judge(text)).toEqual([])
}

test('what is plain is what HCL accepts: the corpus, nearly all of it', async () => {
  for (const text of [...texts, ...agents]) await agrees(text)
  expect(texts.filter(isPlain).length / texts.length).toBeGreaterThan(0.95)
}, 60_000)

test('what is plain is what HCL accepts: changed files', async () => {
  await fc.assert(fc.asyncProperty(mutatedOf([...texts, ...agents]), agrees), { numRuns: 2000 })
}, 120_000)

test('what is plain is what HCL accepts: bodies of what is plain', async () => {
  await fc.assert(fc.asyncProperty(anyBody, agrees), { numRuns: 3000 })
}, 120_000)

test('what is plain is what HCL accepts: any pieces', async () => {
  await fc.assert(fc.asyncProperty(anyPieces, agrees), { numRuns: 20_000 })
}, 120_000)

test.each([
  'a = 1\na = 2\n',
  'check { type = "tcp" interval = "10s" }\n',
  'a = 1 b = 2\n',
  'a = [1 2]\n',
  'a = { b = 1 c = 2 }\n',
  'a = "x\n"\n',
  'a = "\\q"\n',
  'a = <<EOT\nx\nEOT',
  'task "x" {\n',
  'task "x"\n{\n}\n',
  '}\n',
  'a = 1 }\n',
  'a = "${b"\n',
  'a = 1,\n',
  'a = { for = 1 }\n',
  'a = "$${b == "c"}"\n',
  'a = "%{ if b }"\n',
  'a = "%{ for b in c }%{ endif }"\n',
  'a = 1 +\n2\n',
  'a = b ? c\n',
])('what HCL refuses is not plain: %j', async (text) => {
  expect(await judge(text)).not.toEqual([])
  expect(isPlain(text)).toBe(false)
})

test.each([
  '',
  'a = b ? c[0].d : !(e == "${f("}")}")\n',
  'a = [for b, c in d : "%{ if b }$${c}%{ else }e%{ endif }"]\n',
  'a = 1',
  'a {}',
  'a = {\n  b = 1 # c\n  "d" : [1,\n 2,]\n}\n',
  'a = <<-E\n  ${b.c} $${d}\n  E\n',
])('plain: %j', async (text) => {
  expect(await judge(text)).toEqual([])
  expect(isPlain(text)).toBe(true)
})

test('nothing that is long or deep exhausts it', () => {
  const long = 'x'.repeat(400_000)
  for (const text of [`a = "${long}"\n`, `# ${long}`, `a = <<E\n${long}\nE\n`, `${long} = 1\n`, '\n'.repeat(400_000)])
    expect(isPlain(text)).toBe(true)
  for (const text of [
    `a = "${long}`,
    `a = "\${${long}"\n`,
    `a = ${'['.repeat(400_000)}`,
    'a {\n'.repeat(100_000),
    `a "${long}\n`,
  ])
    expect(isPlain(text)).toBe(false)
})
