import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import type { NewBlock, Position, TextChange, Written } from '../../src/jobfile/change.ts'
import { editText } from '../../src/jobfile/edit.ts'
import type { Node, ReadTree } from '../../src/jobfile/tree-node.ts'
import { grammarReads, parser, reads } from './parsed.ts'

let read: ReadTree
beforeAll(async () => {
  read = await reads()
})

const files = (JSON.parse(readFileSync('test/corpus/index.json', 'utf8')) as { file: string; kind: string }[])
  .filter(({ kind }) => kind !== 'agent')
  .map(({ file }) => readFileSync(`test/corpus/${file}`, 'utf8'))

interface Spotted {
  readonly position: Position
  readonly name: string
  /** Where a change of it may reach: its lines, an empty one before, and the brace behind the last attribute. */
  readonly from: number
  readonly to: number
}
function spotted(text: string): { readonly blocks: readonly Spotted[]; readonly attributes: readonly Spotted[] } {
  const of = (node: Node): Spotted => ({
    position: { line: node.startPosition.row + 1, column: node.startPosition.column + 1 },
    name: node.firstNamedChild?.text ?? '',
    from: text.lastIndexOf('\n', Math.max(0, text.lastIndexOf('\n', node.startIndex - 1) - 1)) + 1,
    to: `${text}\n\n`.indexOf('\n', `${text}\n`.indexOf('\n', node.endIndex) + 1) + 1,
  })
  return read(text, ({ rootNode }) => ({
    blocks: rootNode
      .descendantsOfType('block')
      .flatMap((node) => (node && node.parent?.parent?.type === 'block' ? [of(node)] : [])),
    attributes: rootNode.descendantsOfType('attribute').flatMap((node) => (node ? [of(node)] : [])),
  }))
}
const comments = (text: string): readonly string[] =>
  read(text, ({ rootNode }) =>
    rootNode
      .descendantsOfType('comment')
      .map((node) => node?.text ?? '')
      .toSorted(),
  )

const word = fc.stringMatching(/^[a-z][a-z_]{0,8}$/)
const value: fc.Arbitrary<Written> = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.array(fc.string(), { maxLength: 3 }),
)
const block: fc.Arbitrary<NewBlock> = fc.record({
  type: fc.constantFrom('port', 'dns', 'check', 'env'),
  labels: fc.array(fc.string(), { maxLength: 1 }),
  attrs: fc.uniqueArray(fc.tuple(word, value), { selector: ([name]) => name, maxLength: 3 }),
})
/** A change of one thing in a file, and how far it may reach. */
const change = fc
  .record({ file: fc.nat(), pick: fc.nat(), of: fc.nat(9), word, value, block, text: fc.string(), ends: fc.boolean() })
  .map(({ file, pick, of, ends, ...given }) => {
    const unix = files[file % files.length] ?? ''
    const text = ends ? unix.replaceAll('\n', '\r\n') : unix
    const { blocks, attributes } = spotted(text)
    const [owner, attribute] = [blocks[pick % blocks.length], attributes[pick % attributes.length]]
    if (!owner || !attribute) throw new Error('a file without blocks')
    const { position, name } = attribute
    const changes: readonly (readonly [TextChange, Spotted])[] = [
      [{ do: 'set', attr: { name, at: position }, to: given.value }, attribute],
      [{ do: 'set', attr: { name: given.word, block: owner.position }, to: given.value }, owner],
      [{ do: 'unset', attr: { name, at: position } }, attribute],
      [{ do: 'include', attr: { name, at: position }, item: given.text }, attribute],
      [{ do: 'exclude', attr: { name, at: position }, item: given.text }, attribute],
      [{ do: 'reword', attr: { name, at: position }, from: given.word, to: given.text }, attribute],
      [{ do: 'label', block: owner.position, to: given.text }, owner],
      [{ do: 'add', block: owner.position, what: given.block }, owner],
      [{ do: 'remove', block: owner.position }, owner],
      [{ do: 'set', attr: { name: 'mode', block: owner.position }, to: given.text }, owner],
    ]
    const [made, spot] = changes[of] ?? [changes[0]![0], attribute]
    return { text, change: made, spot }
  })

test('an edit touches nothing but what it names, loses no comment, and the file stays valid', async () => {
  await fc.assert(
    fc.asyncProperty(change, async ({ text, change: one, spot }) => {
      const made = editText(text, [one], read)
      if (typeof made === 'string' || made.text === text) return
      let first = 0
      while (first < text.length && text[first] === made.text[first]) first++
      let last = 0
      while (last < text.length - first && text.at(-1 - last) === made.text.at(-1 - last)) last++
      // A value that comes from a variable is corrected there, and that is said.
      if (made.said?.includes('It changes ') !== true) {
        expect(first).toBeGreaterThanOrEqual(Math.min(spot.from, text.length))
        expect(text.length - last).toBeLessThanOrEqual(spot.to)
      }
      expect(await parser.problems(made.text)).toEqual([])
      if (one.do !== 'remove' && one.do !== 'reword') expect(comments(made.text)).toEqual(comments(text))
      if (text.includes('\r\n')) expect(made.text).not.toMatch(/[^\r]\n/)
    }),
    { numRuns: 300 },
  )
}, 120_000)

test('an edit made twice is made once', () => {
  fc.assert(
    fc.property(change, ({ text, change: one }) => {
      if (one.do !== 'set' && one.do !== 'include' && one.do !== 'label') return
      const made = editText(text, [one], read)
      // What is corrected at its variable may move the lines below.
      if (typeof made !== 'string' && made.elsewhere !== true)
        expect(editText(made.text, [one], read)).toMatchObject({ text: made.text })
    }),
    { numRuns: 300 },
  )
}, 120_000)

test('an edit is the same, whichever parser has read the text', async () => {
  const other = await grammarReads()
  fc.assert(
    fc.property(change, ({ text, change: one }) => {
      expect(editText(text, [one], read)).toEqual(editText(text, [one], other))
    }),
    { numRuns: 500 },
  )
}, 120_000)
