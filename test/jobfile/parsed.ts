import { body } from '../../src/jobfile/tree.ts'
import { evaluate } from '../../src/jobfile/evaluate.ts'
import { grammarOf } from '../../src/jobfile/grammar.ts'
import { hclParser, type HclParser } from '../../src/jobfile/parser.ts'
import { readJobFile, type JobFile } from '../../src/jobfile/read.ts'
import { NotEvaluable, plain } from '../../src/jobfile/value.ts'
import { scopeOf, type Given } from '../../src/jobfile/variables.ts'
import type { ReadTree } from '../../src/jobfile/tree-node.ts'
import { wasmFiles } from '../../src/sources/wasm.ts'

export const parser: HclParser = hclParser(wasmFiles)

/** Reads by the grammar alone, where the text is plain, too. */
export async function grammarReads(): Promise<ReadTree> {
  const treeOf = await grammarOf(wasmFiles)
  return (text, reader) => {
    const tree = treeOf(text)
    if (!tree) throw new Error('the grammar gave no tree')
    return reader(tree)
  }
}

/** Reads of any text at once: the grammar is loaded. */
export const reads = (): Promise<ReadTree> => parser.reading((read) => read('a = [*]', () => read))

/** The value of an expression, with the variables and locals of some text around it. */
export async function value(expression: string, around = ''): Promise<unknown> {
  const read = await reads()
  return read(`${around}\nvalue = ${expression}\n`, ({ rootNode }) => {
    const syntax = body(rootNode)
    const scope = scopeOf(syntax, new Map(), () => ({ kind: 'unread', text: '', span: none }))
    const attribute = syntax.attributes.find(({ name }) => name === 'value')
    const found = attribute ? evaluate(attribute.value, scope) : null
    return found instanceof NotEvaluable ? `not evaluable: ${found.why}` : plain(found)
  })
}
const none = { line: 0, column: 0, endLine: 0, endColumn: 0 }

export async function file(text: string, given: Given = new Map()): Promise<JobFile> {
  return readJobFile(text, given, parser)
}
