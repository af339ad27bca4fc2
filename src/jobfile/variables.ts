/** `variable`, `variables` and `locals` of a job file, and the values a person gives for them. */
import type { Body, Expr } from './ast.ts'
import { Effort } from './effort.ts'
import { evaluate, nowhere, type Scope } from './evaluate.ts'
import {
  asBool,
  asNumber,
  asText,
  hole,
  isList,
  isMap,
  mapOf,
  NotEvaluable,
  plain,
  refuse,
  type Value,
} from './value.ts'

/** A value as given on the command line or in the environment: text, which the type of the variable explains. `by`: where. */
export type GivenValue = ({ readonly text: string } | { readonly value: Value }) & { readonly by: string }
export type Given = ReadonlyMap<string, GivenValue>
export type ReadExpression = (text: string) => Expr

export function scopeOf(body: Body, given: Given, read: ReadExpression): Scope {
  const effort = new Effort()
  const variables = mapOf(
    declarations(body).map((one) => [one.name, variable(one, given, read, nowhere(effort))] as const),
  )
  const locals = new Map(
    body.blocks
      .filter(({ type }) => type === 'locals')
      .flatMap((block) => block.body.attributes.map(({ name, value }) => [name, value] as const)),
  )
  const known = new Map<string, Value>()
  const open = new Set<string>()
  const local = (name: string, expr: Expr): Value => {
    const before = known.get(name)
    if (before !== undefined) return before
    if (open.has(name)) return refuse(`local.${name} refers to itself`)
    open.add(name)
    const value = evaluate(expr, scope)
    open.delete(name)
    known.set(name, value)
    return value
  }
  let all: Value | undefined
  const scope: Scope = {
    effort,
    lookup: (name) => {
      if (name === 'var') return variables
      if (name !== 'local') return undefined
      // While locals are evaluated, those that are asked for come one by one.
      return all ?? lazy(locals, local)
    },
  }
  all = mapOf([...locals].map(([name, expr]) => [name, local(name, expr)] as const))
  return scope
}

/** A map that evaluates a member when it is asked for. */
function lazy(locals: ReadonlyMap<string, Expr>, local: (name: string, expr: Expr) => Value): Value {
  return new (class extends Map<string, Value> {
    override get(name: string): Value | undefined {
      const expr = locals.get(name)
      return expr && local(name, expr)
    }
  })()
}

interface Declaration {
  readonly name: string
  readonly type?: Expr | undefined
  readonly standard?: Expr | undefined
}
/** A block for each, or `variables`, where each attribute is one with its default. */
const declarations = ({ blocks }: Body): readonly Declaration[] =>
  blocks.flatMap(({ type, labels, body }): readonly Declaration[] => {
    if (type === 'variables') return body.attributes.map(({ name, value }) => ({ name, standard: value }))
    if (type !== 'variable') return []
    const attribute = (wanted: string) => body.attributes.find((one) => one.name === wanted)?.value
    return [{ name: labels[0] ?? '', type: attribute('type'), standard: attribute('default') }]
  })

/** Variables without a value that nothing needed: Nomad asks for these, too. `12:1: variable "x" has no value …` */
export function unsetIn(body: Body, scope: Scope, said: readonly string[]): readonly string[] {
  const variables = scope.lookup('var')
  return body.blocks
    .filter(({ type }) => type === 'variable')
    .flatMap(({ labels: [name = ''], span: { line, column } }) => {
      const value = isMap(variables) ? variables.get(name) : undefined
      const open = value instanceof NotEvaluable && !value.error && !said.includes(value.why)
      return open ? [`${line}:${column}: ${value.why}; nothing uses it, and Nomad refuses the file without one`] : []
    })
}

export const declaredIn = (body: Body): readonly string[] => declarations(body).map(({ name }) => name)

function variable({ name, type, standard }: Declaration, given: Given, read: ReadExpression, scope: Scope): Value {
  const value = standard && evaluate(standard, scope)
  const kind = type?.kind === 'name' || type?.kind === 'call' ? type.name : kindOf(value)
  const found = given.get(name)
  if (found && 'value' in found) return converted(found.value, kind)
  if (found) {
    const asWritten = kind === '' || kind === 'string'
    return asWritten ? found.text : converted(evaluate(read(found.text), scope), kind)
  }
  return value === undefined ? new NotEvaluable(`variable "${name}" has no value`) : converted(value, kind)
}

/** Without a type, a variable has the one of its default. */
function kindOf(value: Value | undefined): string {
  if (isMap(value)) return 'map'
  if (isList(value)) return 'list'
  return typeof value === 'number' || typeof value === 'string'
    ? typeof value
    : typeof value === 'boolean'
      ? 'bool'
      : ''
}

/** The simple types convert; the others are taken as they are. */
function converted(value: Value, kind: string): Value {
  if (value === null || isMap(value) || typeof value === 'object') return value
  if (kind === 'string') return asText(value)
  if (kind === 'number') return asNumber(value)
  return kind === 'bool' ? asBool(value) : value
}

/** A file of variables: attributes, or JSON. */
export function valuesOf({ attributes }: Body): ReadonlyMap<string, Value> {
  const scope = nowhere()
  return new Map(attributes.map(({ name, value }) => [name, evaluate(value, scope)] as const))
}

/** The same values as one file of variables, for a reader that takes only text; what cannot be evaluated is left out. */
export function asFile(given: Given): string {
  const lines = [...given].flatMap(([name, one]) => {
    if ('text' in one) return [`${name} = ${/^\s*[[{]/.test(one.text) ? one.text : literal(one.text)}`]
    return hole(one.value) ? [] : [`${name} = ${literal(one.value)}`]
  })
  return lines.map((line) => `${line}\n`).join('')
}

/** JSON is an expression of HCL, but for two escapes and what begins a template. */
const literal = (value: Value): string =>
  JSON.stringify(plain(value))
    .replaceAll(/\\(.)/g, (all, mark: string) => (mark === 'b' ? '\\u0008' : mark === 'f' ? '\\u000c' : all))
    .replaceAll(/([$%])\{/g, '$1$1{')
