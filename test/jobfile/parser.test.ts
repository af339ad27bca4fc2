import { expect, test, vi } from 'vitest'
import { hclParser } from '../../src/jobfile/parser.ts'
import { readJobFile } from '../../src/jobfile/read.ts'
import { body } from '../../src/jobfile/tree.ts'
import type { ReadTree } from '../../src/jobfile/tree-node.ts'
import { wasmFiles } from '../../src/sources/wasm.ts'

const watched = () => {
  const files = {
    hcl2json: vi.fn(wasmFiles.hcl2json),
    treeSitter: vi.fn(wasmFiles.treeSitter),
    grammar: vi.fn(wasmFiles.grammar),
  }
  const calls = () => Object.values(files).map(({ mock }) => mock.calls.length)
  return { parser: hclParser(files), calls }
}
const names = (text: string) => (read: ReadTree) =>
  read(text, ({ rootNode }) => body(rootNode).attributes.map(({ name }) => name))

test('a plain text needs no file of WebAssembly, any other one those of the grammar, once', async () => {
  const { parser, calls } = watched()
  expect(await parser.problems('a = b\n')).toEqual([])
  expect(await parser.reading(names('a = b\n'))).toEqual(['a'])
  expect(calls()).toEqual([0, 0, 0])
  const work = vi.fn(names('a = b[*]\n'))
  expect(await Promise.all([parser.reading(work), parser.reading(names('c = d[*]\n'))])).toEqual([['a'], ['c']])
  expect(work).toHaveBeenCalledTimes(2)
  expect(await parser.reading(names('e = f.*\n'))).toEqual(['e'])
  expect(calls()).toEqual([0, 1, 1])
})

test('texts of both kinds take turns', async () => {
  const { parser } = watched()
  for (const text of ['a = b\n', 'a = b[*]\n', 'a = b\n', 'c = [d]\n', 'a = b[*]\n'])
    expect(await parser.reading(names(text))).toEqual([text[0]])
})

test('a value that is given for a variable may be the first text that is not plain', async () => {
  const { parser, calls } = watched()
  const text = 'variable "a" {\n  type = list(number)\n}\njob "j" {\n  priority = var.a[0]\n}\n'
  const { jobs, holes } = await readJobFile(text, new Map([['a', { text: '[1, 2][*]', by: '--var a' }]]), parser)
  expect([jobs[0]?.json, holes.said()]).toMatchObject([{ Priority: 1 }, []])
  expect(calls()).toEqual([0, 1, 1])
})

test('what goes wrong in the work, or with the files, is told to whoever asked for it', async () => {
  const { parser } = watched()
  const work = () => {
    throw new RangeError('of its own')
  }
  await expect(parser.reading(work)).rejects.toThrow('of its own')
  const broken = hclParser({ ...wasmFiles, grammar: () => Promise.reject(new Error('no such file')) })
  await expect(broken.reading(names('a = b[*]\n'))).rejects.toThrow('no such file')
  expect(await broken.reading(names('a = b\n'))).toEqual(['a'])
})
