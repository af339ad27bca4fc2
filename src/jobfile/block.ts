/** Bodies with their expressions evaluated and their dynamic blocks written out. */
import type { BlockSyntax, Body, Expr, Span } from './ast.ts'
import { sizeOf, tooMuch } from './effort.ts'
import { bind, evaluate, type Scope } from './evaluate.ts'
import { asText, isList, isMap, mapOf, NotEvaluable, refuse, type Value } from './value.ts'

export interface Attr {
  readonly value: Value
  readonly span: Span
  /** Where its value stands. */
  readonly at: Span
}
export interface Block {
  readonly type: string
  readonly labels: readonly string[]
  readonly span: Span
  readonly attrs: ReadonlyMap<string, Attr>
  readonly blocks: readonly Block[]
  /** Types of blocks that may be here, too: their number cannot be evaluated. */
  readonly open: readonly Open[]
}
interface Open {
  readonly type: string
  readonly why: NotEvaluable
  readonly span: Span
  /** Where the expression stands that failed. */
  readonly at: Span
}

export function blockOf(syntax: BlockSyntax, scope: Scope, labels = syntax.labels, span = syntax.span): Block {
  return { type: syntax.type, labels, span, ...contents(syntax.body, scope) }
}

export function contents(body: Body, scope: Scope): Pick<Block, 'attrs' | 'blocks' | 'open'> {
  const blocks: Block[] = []
  const open: Open[] = []
  for (const syntax of body.blocks) {
    const [type] = syntax.labels
    if (syntax.type !== 'dynamic' || type === undefined) blocks.push(blockOf(syntax, scope))
    else {
      const made = dynamic(syntax, type, scope)
      if ('why' in made) open.push({ type, span: syntax.span, ...made })
      else blocks.push(...made)
    }
  }
  const attrs = body.attributes.map(({ name, value: written, span }) => {
    const value = evaluate(written, scope)
    // Whoever reads the block goes through all of it.
    const readable = !(isList(value) || isMap(value)) || scope.effort.spend(sizeOf(value))
    return [name, { value: readable ? value : tooMuch, span, at: written.span }] as const
  })
  return { attrs: new Map(attrs), blocks, open }
}

const most = 2000

/** What could not be evaluated, and where that stands. */
type Failed = Pick<Open, 'why' | 'at'>

const placeOfItem = (labels: Expr | undefined, index: number): Span | undefined =>
  (labels?.kind === 'list' ? labels.items[index] : labels)?.span

/** https://developer.hashicorp.com/nomad/docs/reference/hcl2/expressions#dynamic-blocks */
function dynamic({ body, span }: BlockSyntax, type: string, scope: Scope): readonly Block[] | Failed {
  const attribute = (name: string) => body.attributes.find((one) => one.name === name)?.value
  const content = body.blocks.find((one) => one.type === 'content')
  const over = attribute('for_each')
  if (!over || !content) return { why: refuse('a dynamic block needs for_each and content'), at: span }
  const all = evaluate(over, scope)
  if (all instanceof NotEvaluable) return { why: all, at: over.span }
  if (!isList(all) && !isMap(all)) return { why: refuse('for_each takes a list or a map'), at: over.span }
  const turns: readonly (readonly [Value, Value])[] = isList(all) ? all.map((one, i) => [i, one]) : [...all]
  if (turns.length > most) return { why: refuse(`for_each has more than ${most} elements`), at: over.span }
  const iterator = attribute('iterator')
  const name = iterator?.kind === 'name' ? iterator.name : type
  const blocks: Block[] = []
  for (const [key, value] of turns) {
    const inner = bind(scope, [name], null, mapOf([['key', key] as const, ['value', value] as const]))
    const labels = attribute('labels')
    const given = labels ? evaluate(labels, inner) : []
    const texts = isList(given) ? given.map(asText) : [refuse('labels takes a list')]
    const wrong = texts.findIndex((text) => text instanceof NotEvaluable)
    const why = texts[wrong]
    if (why instanceof NotEvaluable) return { why, at: placeOfItem(labels, wrong) ?? span }
    if (!scope.effort.spend(1)) return { why: tooMuch, at: span }
    blocks.push(blockOf({ ...content, type }, inner, texts.map(String), span))
  }
  return blocks
}
