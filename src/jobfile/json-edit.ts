/** Changes made in the text of a JSON file. Only what they name is touched; new members take the indentation around them. */
import { applyEdits, modify, type JSONPath } from 'jsonc-parser'
import type { Field, Spot, TextChange, Written } from './change.ts'
import type { EditedText } from './edit.ts'
import { apiJob, apiName } from './json-job.ts'
import { jsonTree, type Node } from './json-text.ts'

class Unwritable extends Error {}
const refuse = (why: string): never => {
  throw new Unwritable(why)
}

/** One after another; why not, when one of them cannot be made in this text. */
export function editJson(text: string, changes: readonly TextChange[]): EditedText | string {
  const root = jsonTree(text)
  if (!('kind' in root)) return root.detail
  const paths = pathsOf(root)
  const api = apiJob(root) !== undefined
  try {
    let found: EditedText = { text, plain: true }
    let aims = changes.map((change) => ({ change, path: aimOf(change, paths, root, api) }))
    for (;;) {
      const [next, ...rest] = aims
      if (!next) return found
      const made = changed(found.text, next.path, next.change)
      found = { text: made.text, plain: found.plain && made.plain }
      aims = rest.map(({ change, path }) => ({ change, path: made.removed ? after(made.removed, path) : path }))
    }
  } catch (error) {
    if (error instanceof Unwritable) return error.message
    throw error
  }
}

const key = ({ line, column }: { line: number; column: number }): string => `${line}:${column}`

/** Paths by where a member or an object begins: this is how places are told. */
function pathsOf(root: Node): ReadonlyMap<string, JSONPath> {
  const found = new Map<string, JSONPath>()
  const visit = (node: Node, path: JSONPath): void => {
    if (node.kind === 'object') {
      found.set(key(node.span), path)
      for (const { name, value, span } of node.members) {
        found.set(key(span), [...path, name])
        visit(value, [...path, name])
      }
    }
    if (node.kind === 'list') node.items.forEach((item, i) => visit(item, [...path, i]))
  }
  visit(root, [])
  return found
}

function valueAt(root: Node | undefined, path: JSONPath): Node | undefined {
  const [step, ...rest] = path
  if (step === undefined || !root) return root
  if (root.kind === 'list') return valueAt(root.items[Number(step)], rest)
  return root.kind === 'object' ? valueAt(root.members.findLast(({ name }) => name === step)?.value, rest) : undefined
}

/** The path that a change is about: of an attribute that is not there yet, where it is to be. */
function aimOf(change: TextChange, paths: ReadonlyMap<string, JSONPath>, root: Node, api: boolean): JSONPath {
  const block = (spot: Spot): JSONPath => {
    if ('within' in spot) return refuse(`the ${spot.type} block is not written out in the file`)
    const path = paths.get(key(spot)) ?? refuse('where it stands in the file is not known')
    // A labelled block may be a list of one object.
    return valueAt(root, path)?.kind === 'list' ? [...path, 0] : path
  }
  const field = ({ name, at, block: spot }: Field): JSONPath => {
    if (at) return paths.get(key(at)) ?? refuse('where it stands in the file is not known')
    const path = block(spot ?? refuse('the block is not written out in the file'))
    const own = valueAt(root, path)
    if (own?.kind !== 'object') return refuse('the block is not written out in the file')
    const names = api && !path.includes('Config') ? [apiName(name), name] : [name]
    return [...path, names.find((one) => own.members.some((member) => member.name === one)) ?? names[0] ?? name]
  }
  if ('attr' in change) return field(change.attr)
  return change.do === 'remove' ? block(change.block) : refuse('such a change of a JSON file is made by hand')
}

interface Made extends EditedText {
  readonly removed?: JSONPath
}

function changed(text: string, path: JSONPath, change: TextChange): Made {
  const tree = jsonTree(text)
  const own = 'kind' in tree ? valueAt(tree, path) : undefined
  const value = own?.kind === 'value' ? own.value : undefined
  const put = (to: unknown, at = path, insert = false): Made => ({ text: modified(text, at, to, insert), plain: true })
  switch (change.do) {
    case 'set':
      return { ...put(writtenAs(change.to, value)), plain: !String(value ?? '').includes('${') }
    case 'unset':
    case 'remove':
      return own ? { ...put(undefined), removed: path } : refuse('it is not written out in the file')
    case 'reword': {
      if (typeof value !== 'string' || change.from === '') return refuse(`"${change.from}" is not written out there`)
      const to = worded(value, change.from, change.to)
      return to === value ? refuse(`"${change.from}" is not written out there`) : put(to)
    }
    case 'include': {
      if (!own) return put([change.item])
      if (own.kind !== 'list') return refuse('the list is not written out in the file')
      const there = own.items.some((one) => one.kind === 'value' && one.value === change.item)
      return there ? { text, plain: true } : put(change.item, [...path, own.items.length], true)
    }
    case 'exclude': {
      const at =
        own?.kind === 'list' ? own.items.findIndex((one) => one.kind === 'value' && one.value === change.item) : -1
      return at < 0 ? refuse(`"${change.item}" is not written out there`) : put(undefined, [...path, at])
    }
    case 'add':
    case 'label':
    case 'merge':
    case 'move':
      return refuse('such a change of a JSON file is made by hand')
  }
}

/** A number in quotes stays one. */
const writtenAs = (to: Written, before: unknown): unknown => (typeof before === 'string' ? String(to) : to)

/** Wherever it stands, not as a part of a longer word. */
const worded = (text: string, from: string, to: string): string => {
  const escaped = from.replace(/[^\w]/g, String.raw`\$&`)
  const [left, right] = [
    /^[\w.-]/.test(from) ? String.raw`(?<![\w.-])` : '',
    /[\w-]$/.test(from) ? String.raw`(?![\w-])` : '',
  ]
  return text.replaceAll(new RegExp(`${left}${escaped}${right}`, 'g'), () => to)
}

function modified(text: string, path: JSONPath, value: unknown, insert: boolean): string {
  const [, space = '  '] = /\n([ \t]+)"/.exec(text) ?? []
  const formattingOptions = {
    insertSpaces: !space.startsWith('\t'),
    tabSize: space.startsWith('\t') ? 1 : space.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  }
  return applyEdits(text, modify(text, path, value, { formattingOptions, isArrayInsertion: insert }))
}

/** Where a path leads when the item of a list is gone. */
function after(removed: JSONPath, path: JSONPath): JSONPath {
  const last = removed.length - 1
  const [gone, here] = [removed[last], path[last]]
  if (
    typeof gone !== 'number' ||
    typeof here !== 'number' ||
    removed.slice(0, last).some((step, i) => step !== path[i])
  )
    return path
  if (here === gone) return refuse('an earlier change took it away')
  return here > gone ? path.with(last, here - 1) : path
}
