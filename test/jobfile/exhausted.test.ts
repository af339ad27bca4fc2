// oxlint-disable no-underscore-dangle -- the names are those of Go's own wasm_exec.js
import { afterAll, expect, test, vi } from 'vitest'
import { hclJudge } from '../../src/jobfile/hcl.ts'
import { wasmFiles } from '../../src/sources/wasm.ts'

interface GoProgram {
  _inst: { readonly exports: { resume: () => void } }
  _resume: () => void
}
const judge = hclJudge(wasmFiles.hcl2json)
const world = globalThis as unknown as { Go: new () => GoProgram }
const written = vi.spyOn(console, 'log').mockImplementation(() => {})
const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
afterAll(() => void vi.restoreAllMocks())

test('a parser that ran out of stack is never gone on with, whatever it still had planned, and the next text gets a new one', async () => {
  await judge('a = 1')
  const made: GoProgram[] = []
  world.Go = class extends world.Go {
    constructor() {
      super()
      made.push(this)
    }
  }
  const deep = `x = ${'['.repeat(20_000)}1${']'.repeat(20_000)}`
  const gaveUp = [expect.objectContaining({ summary: 'Cannot be parsed' })]
  expect(await judge(deep)).toEqual(gaveUp) // the parser from before
  expect(await judge(deep)).toEqual(gaveUp)
  expect(made).toHaveLength(1)
  const [spent] = made as [GoProgram]
  const resume = vi.fn<() => void>()
  spent._inst = { exports: { resume } }
  spent._resume()
  expect(resume).not.toHaveBeenCalled()
  expect(await judge('a = ')).toEqual([expect.objectContaining({ line: 1, summary: 'Missing expression' })])
  expect(await judge('a = 1')).toEqual([])
  expect([written.mock.calls, warned.mock.calls]).toEqual([[], []])
})
