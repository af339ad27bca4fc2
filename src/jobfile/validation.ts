/** What variables ask of their values, and what Nomad asks of variables. Source: nomad/jobspec2/types.variables.go. */
import type { BlockSyntax, Body, Expr, Span } from './ast.ts'
import type { Effort } from './effort.ts'
import { evaluate, nowhere, type Scope } from './evaluate.ts'
import { at, unexpectedArgument, unexpectedBlock, type Refusal } from './schema-words.ts'
import { asBool, hole, isMap, mapOf, NotEvaluable, type Value } from './value.ts'

export const validationsIn = ({ blocks }: Body, scope: Scope): readonly Refusal[] => {
  const variables = scope.lookup('var')
  return blocks
    .filter(({ type }) => type === 'variable')
    .flatMap(({ labels: [name = ''], body }) => {
      const type = body.attributes.find((one) => one.name === 'type')?.value
      const value = isMap(variables) ? variables.get(name) : undefined
      const rules = body.blocks.filter((one) => one.type === 'validation')
      return [...(type ? modifiers(type) : []), ...rules.flatMap((rule) => judged(rule, name, value, scope.effort))]
    })
}

const words = ['condition', 'error_message']

function judged(rule: BlockSyntax, name: string, value: Value | undefined, effort: Effort): readonly Refusal[] {
  const [condition, message] = words.map((word) => rule.body.attributes.find((one) => one.name === word)?.value)
  const shape = [
    ...rule.body.attributes
      .filter((one) => !words.includes(one.name))
      .map((one) => unexpectedArgument(one.name, one.span, words, [])),
    ...rule.body.blocks.map((one) => unexpectedBlock(one.type, one.span, words, [])),
  ]
  if (!condition || !message) {
    const missing = condition ? 'error_message' : 'condition'
    const detail = `The argument "${missing}" is required, but no definition was found.`
    return [...shape, at(rule.span, 'Missing required argument', detail)]
  }
  const said = evaluate(message, nowhere(effort))
  const refused = [...shape, ...refers(condition, name), ...sentence(said, message.span)]
  return refused.length > 0 ? refused : holds(condition, { name, value, effort }, said)
}

/** A condition may ask of its own variable alone. */
function refers(condition: Expr, name: string): readonly Refusal[] {
  const asked = rootsIn(condition)
  const [other] = asked.filter((one) => one !== `var.${name}`)
  if (other !== undefined) {
    const detail = `The condition for variable "${name}" can only refer to the variable itself, using var.${name}.`
    return [at(condition.span, 'Invalid reference in variable validation', detail)]
  }
  if (asked.length > 0) return []
  const detail = `The condition for variable "${name}" must refer to var.${name} in order to test incoming values.`
  return [at(condition.span, 'Invalid variable validation condition', detail)]
}

/** `var.name` and `local.name` in an expression, however deep. */
function rootsIn(part: unknown): readonly string[] {
  if (Array.isArray(part)) return part.flatMap(rootsIn)
  if (typeof part !== 'object' || part === null) return []
  const { kind, of, key } = part as { kind?: unknown; of?: Expr; key?: Expr }
  const root = kind === 'index' && of?.kind === 'name' && /^(?:var|local)$/.test(of.name) ? of.name : undefined
  if (root !== undefined && key?.kind === 'literal') return [`${root}.${String(key.value)}`]
  return Object.values(part).flatMap(rootsIn)
}

function sentence(said: Value, span: Span): readonly Refusal[] {
  if (typeof said !== 'string') return []
  if (said !== '' && !/^(?!\p{Lu})\p{L}/u.test(said) && /[.?!]$/.test(said)) return []
  const detail =
    'Validation error message must be at least one full sentence starting with an uppercase letter and ending with a period or question mark.'
  return [at(span, 'Invalid validation error message', detail)]
}

/** A value that is not known here is left to the servers. */
interface Asked {
  readonly name: string
  readonly value: Value | undefined
  readonly effort: Effort
}
function holds(condition: Expr, { name, value, effort }: Asked, message: Value): readonly Refusal[] {
  if (value === undefined || hole(value)) return []
  const own = mapOf([[name, value]])
  const found = evaluate(condition, { lookup: (root) => (root === 'var' ? own : undefined), effort })
  const result = asBool(found)
  if (result === true) return []
  if (result === false) {
    const told = typeof message === 'string' ? message : 'The condition does not hold.'
    return [at(condition.span, `Invalid value for variable "${name}"`, `${told} The condition in this line checks it.`)]
  }
  return result.error && !(found instanceof NotEvaluable)
    ? [at(condition.span, 'Invalid variable validation result', 'The condition must be either true or false.')]
    : result.error
      ? [at(condition.span, 'Cannot be evaluated', `${result.why}.`)]
      : []
}

/** Nomad takes exact types only. Source: hcl/ext/typeexpr/get_type.go. */
function modifiers(type: Expr): readonly Refusal[] {
  if (type.kind === 'object') return type.items.flatMap(([, of]) => modifiers(of))
  if (type.kind === 'list') return type.items.flatMap(modifiers)
  if (type.kind !== 'call') return []
  if (type.name !== 'optional') return type.args.flatMap(modifiers)
  const detail = 'Optional attribute modifier is only for type constraints, not for exact types.'
  return [at(type.span, 'Invalid type specification', detail)]
}
