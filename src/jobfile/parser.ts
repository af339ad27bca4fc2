/**
 * The two parsers of HCL text: Nomad's own judges whether the syntax is valid; the tree-sitter grammar, which is more
 * lenient, tells where everything stands.
 */
import { Language, Parser, type Tree } from 'web-tree-sitter'
import type { SyntaxProblem } from './ast.ts'
import { hclJudge } from './hcl.ts'
import { isPlain } from './plain.ts'

type Bytes = Uint8Array<ArrayBuffer>
/** The bytes of the WebAssembly files; reading them is left to the caller. The one of Nomad's parser is seldom needed. */
export interface WasmFiles {
  readonly hcl2json: () => Promise<Bytes>
  readonly treeSitter: Bytes
  readonly grammar: Bytes
}
export interface HclParser {
  /** What HCL itself has against the text; none when it is valid. */
  readonly problems: (text: string) => Promise<readonly SyntaxProblem[]>
  /** The tree is only there for the reader; that of the last text is kept, as a file is read, edited and read again. */
  readonly read: <T>(text: string, reader: (tree: Tree) => T) => T
}

export async function hclParser(files: WasmFiles): Promise<HclParser> {
  const judge = hclJudge(files.hcl2json)
  await Parser.init({ wasmBinary: files.treeSitter })
  const language = await Language.load(files.grammar)
  const parser = new Parser()
  parser.setLanguage(language)
  let last: { readonly text: string; readonly tree: Tree } | undefined
  const treeOf = (text: string): Tree => {
    if (last?.text === text) return last.tree
    last?.tree.delete()
    last = undefined
    const tree = parser.parse(text)
    if (!tree) throw new Error('the grammar gave no tree')
    last = { text, tree }
    return tree
  }
  return {
    problems: async (text) => (isPlain(text) ? [] : judge(text)),
    read: (text, reader) => reader(treeOf(text)),
  }
}
