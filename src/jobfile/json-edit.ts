/** Changes made in the text of a JSON file. Only what they name is touched; new members take the indentation around them. */
import type { JSONPath } from 'jsonc-parser'
import { placesOf } from '../embedded-text.ts'
import type { Field, NewBlock, Reword, Spot, TextChange, Written } from './change.ts'
import type { EditedText } from './edit.ts'
import { asApi, asHclJson, innerOf, shapeAt } from './json-block.ts'
import { apiJob, apiName, dataOf } from './json-job.ts'
import { put, putFirst } from './json-put.ts'
import { refuse, Unwritable } from './json-refuse.ts'
import { looseTree, type Node } from './json-text.ts'

/** One after another; why not, when one of them cannot be made in this text. */
export function editJson(text: string, changes: readonly TextChange[]): EditedText | string {
  const root = looseTree(text)
  if (!('kind' in root)) return root.detail
  const paths = pathsOf(root)
  const api = apiJob(root) !== undefined
  try {
    let found: EditedText = { text, plain: true }
    let aims = changes.map((change) => aimOf(change, paths, root, api))
    for (;;) {
      const [next, ...rest] = aims
      if (!next) return found
      const made = changed(found.text, next)
      found = { text: made.text, plain: found.plain && made.plain }
      const { removed } = made
      const kept = (path: JSONPath): JSONPath => (removed ? after(removed, path) : path)
      aims = rest.map((aim) => ({ ...aim, path: kept(aim.path), ...(aim.into ? { into: kept(aim.into) } : {}) }))
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

interface Aim {
  readonly change: TextChange
  /** What the change is about; an attribute that is not there yet, where it is to be. */
  readonly path: JSONPath
  readonly into?: JSONPath
  readonly api: boolean
}

function aimOf(change: TextChange, paths: ReadonlyMap<string, JSONPath>, root: Node, api: boolean): Aim {
  const block = (spot: Spot): JSONPath => {
    if ('within' in spot) return nth(block(spot.within), spot.type, spot.nth)
    const path = paths.get(key(spot)) ?? refuse('where it stands in the file is not known')
    // A labelled block may be a list of one object.
    return valueAt(root, path)?.kind === 'list' ? [...path, 0] : path
  }
  const nth = (outer: JSONPath, type: string, at: number): JSONPath => {
    const path = [...outer, api ? innerOf(shapeAt(outer), type).field : type]
    const found = valueAt(root, path)
    const item = found?.kind === 'list' ? [...path, at] : path
    const there = valueAt(root, item)?.kind === 'object' && (found?.kind === 'list' || at === 0)
    return there ? item : refuse(`the ${type} block is not written out in the file`)
  }
  const field = ({ name, at, block: spot }: Field): JSONPath => {
    if (at) return paths.get(key(at)) ?? refuse('where it stands in the file is not known')
    const path = block(spot ?? refuse('the block is not written out in the file'))
    const own = valueAt(root, path)
    if (own?.kind !== 'object') return refuse('the block is not written out in the file')
    const names = api && !path.includes('Config') ? [apiName(name), name] : [name]
    return [...path, names.find((one) => own.members.some((member) => member.name === one)) ?? names[0] ?? name]
  }
  const path = 'attr' in change ? field(change.attr) : block(change.block)
  return { change, path, api, ...('into' in change ? { into: block(change.into) } : {}) }
}

interface Made extends EditedText {
  readonly removed?: JSONPath
}

function changed(text: string, { change, path, into, api }: Aim): Made {
  const tree = looseTree(text)
  const own = 'kind' in tree ? valueAt(tree, path) : undefined
  const value = own?.kind === 'value' ? own.value : undefined
  const made = (to: unknown, at = path): Made => ({ text: put(text, at, to), plain: true })
  switch (change.do) {
    case 'set':
      return { ...made(writtenAs(change.to, value)), plain: !String(value ?? '').includes('${') }
    case 'unset':
    case 'remove':
      return own ? { ...made(undefined), removed: path } : refuse('it is not written out in the file')
    case 'reword': {
      const to = own && change.from !== '' ? reworded(text, own, path, change) : text
      return to === text ? refuse(`"${change.from}" is not written out there`) : { text: to, plain: true }
    }
    case 'include': {
      if (!own || value === null) return made([change.item])
      if (own.kind !== 'list') return refuse('the list is not written out in the file')
      const there = own.items.some((one) => one.kind === 'value' && one.value === change.item)
      return there ? { text, plain: true } : made(change.item, [...path, own.items.length])
    }
    case 'exclude': {
      const at =
        own?.kind === 'list' ? own.items.findIndex((one) => one.kind === 'value' && one.value === change.item) : -1
      return at < 0 ? refuse(`"${change.item}" is not written out there`) : made(undefined, [...path, at])
    }
    case 'add':
      return { text: added(text, path, change.what, api, change.before === change.what.type), plain: true }
    case 'move':
    case 'merge': {
      if (!own || !into) return refuse('it is not written out in the file')
      const data = dataOf(own, new Map())
      const more = change.do === 'move' ? moved(text, path, into, data, api) : merged(text, into, data, api)
      return { text: put(more, path, undefined), plain: true, removed: path }
    }
    case 'label':
      return refuse('such a change of a JSON file is made by hand')
  }
}

/** Where one more value goes: behind its like, or as the first. */
function asNext(text: string, path: JSONPath, value: unknown, alone: boolean, type: string): string {
  const tree = looseTree(text)
  const there = 'kind' in tree ? valueAt(tree, path) : undefined
  if (there?.kind === 'list') return put(text, [...path, there.items.length], value)
  if (there && !(there.kind === 'value' && there.value === null))
    return refuse(`there is a ${type} block already, in an object of its own`)
  return put(text, path, alone ? value : [value])
}

function added(text: string, path: JSONPath, what: NewBlock, api: boolean, first: boolean): string {
  const tree = looseTree(text)
  const inner = api ? innerOf(shapeAt(path), what.type) : undefined
  const at = [...path, inner?.field ?? what.type]
  const there = 'kind' in tree ? valueAt(tree, at) : undefined
  const some = there?.kind === 'object' || (there?.kind === 'list' && there.items.length > 0)
  if (what.once && some) return refuse(`there is a ${what.type} block already`)
  const alone = inner === undefined ? what.once === true : inner.as !== 'many'
  if (first && !inner && there?.kind === 'list') return putFirst(text, at, asHclJson(what))
  return asNext(text, at, inner ? asApi(what, inner) : asHclJson(what), alone, what.type)
}

/** A block of a list goes to the list of the same name in another block. */
function moved(text: string, path: JSONPath, into: JSONPath, data: unknown, api: boolean): string {
  const name = path.findLast((step) => typeof step === 'string')
  if (!api || name === undefined || typeof path.at(-1) !== 'number')
    return refuse('such a change of a JSON file is made by hand')
  if (!Object.values(shapeAt(into).blocks ?? {}).some(({ field }) => field === name))
    return refuse('such a block has no place there')
  return asNext(text, [...into, name], data, false, name)
}

/** Lists are joined; what only the other block says comes along; two different values are nobody's to choose. */
function merged(text: string, into: JSONPath, data: unknown, api: boolean): string {
  if (!api || typeof data !== 'object' || data === null) return refuse('such a change of a JSON file is made by hand')
  return Object.entries(data).reduce((found, [name, value]) => {
    const tree = looseTree(found)
    const at = [...into, name]
    const own = 'kind' in tree ? valueAt(tree, at) : undefined
    const is = own && dataOf(own, new Map())
    if (isEmpty(value) || JSON.stringify(is) === JSON.stringify(value)) return found
    if (isEmpty(is)) return put(found, at, value)
    if (!Array.isArray(is) || !Array.isArray(value)) return refuse(`the two blocks have different values of ${name}`)
    return value.reduce<string>((all, item, i) => put(all, [...at, is.length + i], item), found)
  }, text)
}
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || value === 0 || (Array.isArray(value) && value.length === 0)

/** A number in quotes stays one. */
const writtenAs = (to: Written, before: unknown): unknown => (typeof before === 'string' ? String(to) : to)

/** In every text of a value: in the arguments of a list, too. */
function reworded(text: string, node: Node, path: JSONPath, change: Reword, before = ''): string {
  if (node.kind === 'list') {
    const words = node.items.map((item) => (item.kind === 'value' ? String(item.value) : ''))
    return node.items.reduce((all, item, i) => reworded(all, item, [...path, i], change, words[i - 1]), text)
  }
  if (node.kind === 'object')
    return node.members.reduce((all, { name, value }) => reworded(all, value, [...path, name], change), text)
  const { value } = node
  if (typeof value !== 'string') return text
  // The argument before this one is what the piece has to stand behind.
  const alone = change.behind?.trim() === before && change.behind !== before && value.startsWith(change.from)
  const places = placesOf(value, change.from, alone ? '' : change.behind).filter((at) => !alone || at === 0)
  const by = places
    .toReversed()
    .reduce((all, at) => all.slice(0, at) + change.to + all.slice(at + change.from.length), value)
  return by === value ? text : put(text, path, by)
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
