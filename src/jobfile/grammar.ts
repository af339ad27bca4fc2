/** The tree-sitter grammar of HCL, which takes longer to load than a plain file to read. */
import type { Tree as OfGrammar } from 'web-tree-sitter'
import type { Tree } from './tree-node.ts'

type Bytes = Uint8Array<ArrayBuffer>
export interface GrammarFiles {
  readonly treeSitter: () => Promise<Bytes>
  readonly grammar: () => Promise<Bytes>
}
/** The tree of a text, until that of the next one is asked for. */
export type GrammarTree = (text: string) => Tree | undefined

export async function grammarOf(files: GrammarFiles): Promise<GrammarTree> {
  const { Language, Parser } = await import('web-tree-sitter')
  const [wasmBinary, bytes] = await Promise.all([files.treeSitter(), files.grammar()])
  await Parser.init({ wasmBinary })
  const parser = new Parser()
  parser.setLanguage(await Language.load(bytes))
  let last: OfGrammar | null = null
  return (text) => {
    last?.delete()
    last = parser.parse(text)
    return last ?? undefined
  }
}
