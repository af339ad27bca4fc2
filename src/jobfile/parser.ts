/**
 * The parsers of HCL text. A plain one needs none but our own. Of others Nomad's judges whether the syntax is valid; the
 * tree-sitter grammar, which is more lenient, tells where everything stands.
 */
import type { SyntaxProblem } from './ast.ts'
import { grammarOf, type GrammarFiles, type GrammarTree } from './grammar.ts'
import { hclJudge } from './hcl.ts'
import { plainIn, type Plain } from './plain.ts'
import { treeOf } from './sketch.ts'
import type { ReadTree, Tree } from './tree-node.ts'

/** The WebAssembly files; reading them is left to the caller, and seldom needed. */
export interface WasmFiles extends GrammarFiles {
  readonly hcl2json: () => Promise<Uint8Array<ArrayBuffer>>
}
export interface HclParser {
  /** What HCL itself has against the text; none when it is valid. */
  readonly problems: (text: string) => Promise<readonly SyntaxProblem[]>
  /** What comes of work that reads texts. It is begun anew when the grammar has to be loaded for one of them, so it changes nothing. */
  readonly reading: <T>(work: (read: ReadTree) => T) => Promise<T>
}

/** Thrown at a text whose tree waits for the grammar. */
class Awaited extends Error {
  override readonly name = 'Awaited'
}

export function hclParser(files: WasmFiles): HclParser {
  const judge = hclJudge(files.hcl2json)
  let loading: Promise<GrammarTree> | undefined
  let grammar: GrammarTree | undefined
  let last: { readonly text: string; readonly plain: Plain | undefined; tree: Tree | undefined } | undefined
  const plainOf = (text: string) =>
    last?.text === text ? last : (last = { text, plain: plainIn(text), tree: undefined })
  const read: ReadTree = (text, reader) => {
    const known = plainOf(text)
    const sketch = known.plain?.tree
    if (!sketch && !grammar) throw new Awaited('the grammar is not loaded yet')
    known.tree ??= sketch ? treeOf(text, sketch) : grammar?.(text)
    if (!known.tree) throw new Error('the grammar gave no tree')
    return reader(known.tree)
  }
  return {
    problems: async (text) => (plainOf(text).plain ? [] : judge(text)),
    reading: async (work) => {
      try {
        return work(read)
      } catch (error) {
        if (!(error instanceof Awaited)) throw error
      }
      grammar = await (loading ??= grammarOf(files))
      return work(read)
    },
  }
}
