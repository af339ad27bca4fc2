/** Nomad's words for what it does not take. Source: hcl/v2/hclsyntax/structure.go, hcl/v2/json/structure.go. */
import type { Span, SyntaxProblem } from './ast.ts'

/** `among`: names of which the nearest may be meant instead of `name`. */
export interface Refusal extends SyntaxProblem {
  readonly name?: string
  readonly among?: readonly string[]
}

export const at = ({ line, column }: Span, summary: string, detail: string): Refusal => ({
  line,
  column,
  summary,
  detail,
})

export function unexpectedArgument(
  name: string,
  span: Span,
  args: readonly string[],
  blocks: readonly string[],
): Refusal {
  const said = (more: string) =>
    at(span, 'Unsupported argument', `An argument named "${name}" is not expected here.${more}`)
  if (blocks.includes(name)) return said(` Did you mean to define a block of type "${name}"?`)
  return { ...said(''), name, among: args }
}

export function unexpectedBlock(type: string, span: Span, args: readonly string[], blocks: readonly string[]): Refusal {
  const said = (more: string) =>
    at(span, 'Unsupported block type', `Blocks of type "${type}" are not expected here.${more}`)
  if (args.includes(type))
    return said(` Did you mean to define argument "${type}"? If so, use the equals sign to assign it a value.`)
  return { ...said(''), name: type, among: blocks }
}

export const unexpectedProperty = (name: string, span: Span, among: readonly string[]): Refusal => ({
  ...at(span, 'Extraneous JSON object property', `No argument or block type is named "${name}".`),
  name,
  among,
})
