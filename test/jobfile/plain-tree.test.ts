import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { plainIn } from '../../src/jobfile/plain.ts'
import { treeOf } from '../../src/jobfile/sketch.ts'
import { body } from '../../src/jobfile/tree.ts'
import type { Node, ReadTree } from '../../src/jobfile/tree-node.ts'
import { agents, mutatedOf, texts } from './mutated.ts'
import { grammarReads } from './parsed.ts'
import { anyBody } from './bodies.ts'
import { anyPieces } from './pieces.ts'

let grammar: ReadTree
beforeAll(async () => {
  grammar = await grammarReads()
})

type Seen = readonly [type: string, at: number, end: number, isNamed: boolean, field: string, inner: readonly Seen[]]
function seen(node: Node, field = ''): Seen {
  const [key, val] = [node.childForFieldName('key'), node.childForFieldName('val')]
  const inner = node.children.flatMap((child) =>
    child ? [seen(child, child.id === key?.id ? 'key' : child.id === val?.id ? 'val' : '')] : [],
  )
  return [node.type, node.startIndex, node.endIndex, node.isNamed, field, inner]
}

/** What an edit asks of the node at a place. */
function met(root: Node, at: number) {
  const found = root.descendantForIndex(at)
  const {
    type,
    text,
    startPosition: start,
    endPosition: end,
    parent,
    nextNamedSibling: next,
    firstNamedChild,
  } = found ?? root
  const others = [parent, next, firstNamedChild].map((one) => one && [one.type, one.startIndex])
  const names = parent?.descendantsOfType('variable_expr').map((one) => one?.text)
  return { type, text, start: { ...start }, end: { ...end }, others, names }
}

/** Where a plain text has a tree, it is that of the grammar, and so is what is read of it. */
function agrees(text: string): void {
  const sketch = plainIn(text)?.tree
  if (!sketch) return
  const own = treeOf(text, sketch).rootNode
  grammar(text, ({ rootNode: other }) => {
    expect(other.hasError).toBe(false)
    expect(seen(own)).toEqual(seen(other))
    expect(body(own)).toEqual(body(other))
    for (let at = 0; at <= text.length; at += 1 + Math.floor(text.length / 20))
      expect(met(own, at)).toEqual(met(other, at))
  })
}

test('a plain tree is that of the grammar: the corpus, nearly all of it', () => {
  for (const text of [...texts, ...agents]) agrees(text)
  expect(texts.filter((text) => plainIn(text)?.tree).length / texts.length).toBeGreaterThan(0.95)
})

test('a plain tree is that of the grammar: changed files', () => {
  fc.assert(fc.property(mutatedOf([...texts, ...agents]), agrees), { numRuns: 2000 })
}, 120_000)

test('a plain tree is that of the grammar: any pieces', () => {
  fc.assert(fc.property(anyPieces, agrees), { numRuns: 20_000 })
}, 120_000)

test('a plain tree is that of the grammar: bodies of what is plain', () => {
  fc.assert(fc.property(anyBody, agrees), { numRuns: 5000 })
}, 120_000)

test.each([
  ['a call of what is no function', 'a = true(b)\n'],
  ['many operators', `a = 1${' + 1'.repeat(200)}\n`],
  ['texts in texts in texts', `a = ${'"${'.repeat(40)}b${'}"'.repeat(40)}\n`],
  ['a heredoc with a long mark', `a = <<${'E'.repeat(200)}\n${'E'.repeat(200)}\n`],
])('plain, with a tree of the grammar alone: %s', (_, text) => {
  expect(plainIn(text)).toEqual({})
})

const many = 60_000
test.each([
  `a = "${'x'.repeat(400_000)}"\n`,
  `a = <<E\n${'x ${y}\n'.repeat(many)}E\n`,
  `a = [${'b, '.repeat(many)}]\n`,
  `a = {\n${'b = 1\n'.repeat(many)}}\n`,
  `a = b${'.c'.repeat(100_000)}${'[0].d'.repeat(20_000)}\n`,
  `a = f(${'"b", # c\n'.repeat(40_000)})\n`,
  Array.from({ length: 40_000 }, (_, i) => `a${i} = b\n`).join(''),
  'a {}\n'.repeat(many),
  `${'a {\n'.repeat(90)}${'}\n'.repeat(90)}`,
  `a = ${'['.repeat(90)}${']'.repeat(90)}\n`,
  `a = ${'b ? c : '.repeat(90)}d\n`,
  '# c\n'.repeat(many),
  ' \n'.repeat(many),
])(
  'nothing that is long or deep exhausts a plain tree, nor takes it longer than it has to',
  (text) => {
    const sketch = plainIn(text)?.tree
    if (!sketch) throw new Error('not plain')
    const { rootNode } = treeOf(text, sketch)
    body(rootNode)
    for (let at = 0; at < text.length; at += 50_000) expect(rootNode.descendantForIndex(at)).not.toBeNull()
    expect(rootNode.descendantsOfType('comment').every((one) => one?.text === '# c')).toBe(true)
  },
  3_000,
)
