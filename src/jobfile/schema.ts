/** What a job may be made of: Nomad refuses a file with any other block or argument, and so do we, in its words. */
import type { Block } from './block.ts'
import { kinds } from './schema-data.ts'
import { wrongExpression, wrongType } from './schema-types.ts'
import { at, unexpectedArgument, unexpectedBlock, unexpectedProperty, type Refusal } from './schema-words.ts'

interface Inner {
  readonly as: 'one' | 'many' | 'free'
  readonly of: string
}
interface Kind {
  /** What its label is called, where it has one. */
  readonly label?: string
  readonly required: readonly string[]
  readonly args: ReadonlyMap<string, string>
  readonly blocks: ReadonlyMap<string, Inner>
}

const read = new Map<string, Kind>()
function kindOf(name: string): Kind {
  const before = read.get(name)
  if (before) return before
  const args = new Map<string, string>()
  const blocks = new Map<string, Inner>()
  let label: string | undefined
  let required: readonly string[] = []
  for (const part of (kinds[name] ?? '').split('; ')) {
    const [what = '', ...names] = part.split(' ')
    if (what === 'label') label = names[0] ?? ''
    else if (what === 'required') required = names
    else if (what === 'one' || what === 'many' || what === 'free')
      for (const one of names) blocks.set(one.replace(/:.*/, ''), { as: what, of: one.replace(/^[^:]*:?/, '') })
    else for (const one of names) args.set(one, what)
  }
  const kind = { ...(label === undefined ? {} : { label }), required, args, blocks }
  read.set(name, kind)
  return kind
}

/** How it is written: in JSON what is a block cannot be told from what is none. */
export type Spelling = 'hcl' | 'json'

/** Everything in a job block that Nomad does not take. */
export function refusedIn(job: Block, spelling: Spelling): readonly Refusal[] {
  const found = [...labelled(job, kindOf('Job')), ...inside(job, kindOf('Job'), spelling)]
  // What a dynamic block makes several times is wrong once.
  return [...new Map(found.map((one) => [`${one.line}:${one.column}`, one])).values()].toSorted(
    (a, b) => a.line - b.line || a.column - b.column,
  )
}

function inside(block: Block, kind: Kind, spelling: Spelling): readonly Refusal[] {
  const [args, blocks] = [[...kind.args.keys()], [...kind.blocks.keys()]]
  const found: Refusal[] = []
  for (const [name, attr] of block.attrs) {
    const type = kind.args.get(name)
    found.push(...wrongExpression(attr))
    if (type !== undefined) found.push(...wrongType(type, attr))
    else if (spelling === 'hcl') found.push(unexpectedArgument(name, attr.span, args, blocks))
    else if (name !== comment && !kind.blocks.has(name))
      found.push(unexpectedProperty(name, attr.span, [...args, ...blocks]))
  }
  for (const name of kind.required)
    if (!block.attrs.has(name))
      found.push(
        at(block.span, 'Missing required argument', `The argument "${name}" is required, but no definition was found.`),
      )
  const first = new Map<string, Block>()
  for (const one of block.blocks) {
    const inner = kind.blocks.get(one.type)
    if (!inner) {
      found.push(unexpectedBlock(one.type, one.span, args, blocks))
      continue
    }
    const before = first.get(one.type)
    if (before && inner.as !== 'many')
      found.push(
        at(
          one.span,
          `Duplicate ${one.type} block`,
          `Only one ${one.type} block is allowed. Another was defined in line ${before.span.line}.`,
        ),
      )
    first.set(one.type, before ?? one)
    const own = inner.as === 'free' ? nothing : kindOf(inner.of)
    found.push(...labelled(one, own), ...(inner.as === 'free' ? freely(one) : inside(one, own, spelling)))
  }
  for (const { type, span, at: failed, why } of block.open)
    if (!kind.blocks.has(type)) found.push(unexpectedBlock(type, span, [], blocks))
    else if (why.error) found.push(at(failed, 'Cannot be evaluated', `${why.why}.`))
  return found
}
/** Where anything may stand, expressions can still be wrong. */
const freely = ({ attrs, blocks }: Block): readonly Refusal[] => [
  ...[...attrs.values()].flatMap(wrongExpression),
  ...blocks.flatMap(freely),
]

/** A property of this name is a comment in HCL's JSON. */
const comment = '//'
const nothing: Kind = { required: [], args: new Map(), blocks: new Map() }

function labelled({ type, labels, span }: Block, { label }: Kind): readonly Refusal[] {
  if (label === undefined && labels.length > 0)
    return [at(span, `Extraneous label for ${type}`, `No labels are expected for ${type} blocks.`)]
  if (label === undefined || labels.length === 1) return []
  const name = label === '' ? 'label' : label
  return labels.length === 0
    ? [at(span, `Missing ${name} for ${type}`, `All ${type} blocks must have 1 labels (${name}).`)]
    : [at(span, `Extraneous label for ${type}`, `Only 1 labels (${name}) are expected for ${type} blocks.`)]
}
