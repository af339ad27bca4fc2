/** What a namespace specification says of network modes: https://developer.hashicorp.com/nomad/docs/other-specifications/namespace */
import type { Held } from '../knowledge/fact.ts'
import type { NamespaceRule } from '../knowledge/shapes/namespace.ts'
import { contents, type Block } from '../jobfile/block.ts'
import { nowhere } from '../jobfile/evaluate.ts'
import type { HclParser } from '../jobfile/parser.ts'
import { body } from '../jobfile/tree.ts'
import { isList } from '../jobfile/value.ts'

interface Source {
  readonly name: string
  readonly text: string
}

/** The rules of all files; none when no file can be read. */
export async function namespaceRules(
  files: readonly Source[],
  parser: HclParser,
): Promise<Held<readonly NamespaceRule[]> | undefined> {
  const found: NamespaceRule[] = []
  for (const { text } of files) {
    if ((await parser.problems(text)).length > 0) continue
    const syntax = await parser.reading((read) => read(text, ({ rootNode }) => body(rootNode)))
    const { attrs, blocks } = contents(syntax, nowhere())
    const name = attrs.get('name')?.value
    const rules = blocks.find(({ type }) => type === 'capabilities')
    if (typeof name !== 'string' || !rules) continue
    found.push({ name, enabled: list(rules, 'enabled_network_modes'), disabled: list(rules, 'disabled_network_modes') })
  }
  const [first] = files
  if (!first || found.length === 0) return undefined
  const file = { name: first.name, line: 1, column: 1 }
  const seen = {
    by: 'namespace-file',
    ask: JSON.stringify(['file', first.name]),
    request: first.name,
    excerpt: first.text.split('\n').slice(0, 6).join('\n'),
    at: '',
    file,
  }
  return { known: true, value: found, seen }
}

function list({ attrs }: Block, name: string): readonly string[] {
  const value = attrs.get(name)?.value
  return isList(value) ? value.filter((one) => typeof one === 'string') : []
}
