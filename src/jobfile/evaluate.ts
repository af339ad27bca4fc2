/** Expressions to values, as HCL evaluates them for Nomad: a name that is no variable stays text, `${NOMAD_ADDR_db}`. */
import type { Expr, ExprOf, Loop, Part } from './ast.ts'
import { binary, unary } from './operators.ts'
import { Effort, largest, sizeOf, tooMuch } from './effort.ts'
import { call } from './functions.ts'
import { asBool, asText, isList, isMap, mapOf, NotEvaluable, refuse, spoken, type Value } from './value.ts'

/** Values by name: `var`, `local`, and what loops and dynamic blocks bind. */
export interface Scope {
  readonly lookup: (name: string) => Value | undefined
  /** For the file that it is the scope of. */
  readonly effort: Effort
}
/** Where no name is known. */
export const nowhere = (effort = new Effort()): Scope => ({ lookup: () => undefined, effort })
const within = (scope: Scope, bound: ReadonlyMap<string, Value>): Scope => ({
  effort: scope.effort,
  lookup: (name) => bound.get(name) ?? scope.lookup(name),
})
export const bind = (scope: Scope, names: readonly string[], key: Value, value: Value): Scope => {
  const [first = '', second] = names
  return within(
    scope,
    new Map(
      second === undefined
        ? [[first, value]]
        : [
            [first, key],
            [second, value],
          ],
    ),
  )
}

export function evaluate(expr: Expr, scope: Scope): Value {
  const written = asWritten(expr)
  return written === undefined ? scope.effort.step(() => valueOf(expr, scope)) : written
}

/** What takes no effort stays known when none is left. */
function asWritten(expr: Expr): Value | undefined {
  if (expr.kind === 'literal') return expr.value
  if (expr.kind !== 'template' || !expr.parts.every(({ kind }) => kind === 'text')) return undefined
  return expr.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('')
}

function valueOf(expr: Expr, scope: Scope): Value {
  switch (expr.kind) {
    case 'literal':
      return expr.value
    case 'template':
      return template(expr, scope)
    case 'list':
      return expr.items.map((item) => evaluate(item, scope))
    case 'object':
      return object(expr, scope)
    case 'name':
      return scope.lookup(expr.name) ?? `\${${expr.text}}`
    case 'index':
      return index(expr, scope)
    case 'splat':
      return splat(expr, scope)
    case 'call':
      return called(expr, scope)
    case 'if': {
      const test = asBool(evaluate(expr.test, scope))
      return test instanceof NotEvaluable ? test : evaluate(test ? expr.yes : expr.no, scope)
    }
    case 'unary':
      return unary(expr.op, evaluate(expr.of, scope))
    case 'binary':
      return binary(expr.op, evaluate(expr.left, scope), evaluate(expr.right, scope))
    case 'for':
      return forExpression(expr, scope)
    case 'unread':
      return new NotEvaluable(`"${expr.text.slice(0, 60)}" cannot be read`)
  }
}

/** `node.unique.name`, `env["HOME"]`: a chain that starts with an unknown name is left as it is written. */
const runtime = (expr: Expr, scope: Scope): boolean =>
  expr.kind === 'name'
    ? scope.lookup(expr.name) === undefined
    : expr.kind === 'index' && expr.key.kind === 'literal' && runtime(expr.of, scope)

function index(expr: ExprOf<'index'>, scope: Scope): Value {
  if (runtime(expr, scope)) return `\${${expr.text}}`
  const of = evaluate(expr.of, scope)
  const key = evaluate(expr.key, scope)
  const root = expr.of.kind === 'name' ? expr.of.name : ''
  const declared =
    (root !== 'var' && root !== 'local') || !isMap(of) || typeof key !== 'string' || of.get(key) !== undefined
  return declared ? member(of, key) : refuse(`${root}.${key} is not declared in this file`)
}

export function member(of: Value, key: Value): Value {
  if (of instanceof NotEvaluable) return of
  if (key instanceof NotEvaluable) return key
  if (isMap(of)) return of.get(spoken(key)) ?? refuse(`there is no "${spoken(key)}" in it`)
  if (isList(of)) return of[Number(key)] ?? refuse(`the list has no element ${spoken(key)}`)
  return refuse('only lists and maps have members')
}

function splat(expr: ExprOf<'splat'>, scope: Scope): Value {
  const of = evaluate(expr.of, scope)
  if (of instanceof NotEvaluable) return of
  const members = isList(of) ? of : of === null ? [] : [of]
  return members.map((one) => expr.each.reduce((value, key) => member(value, evaluate(key, scope)), one))
}

function object(expr: ExprOf<'object'>, scope: Scope): Value {
  const entries: [string, Value][] = []
  for (const [key, value] of expr.items) {
    const name = asText(evaluate(key, scope))
    if (name instanceof NotEvaluable) return name
    entries.push([name, evaluate(value, scope)])
  }
  return mapOf(new Map(entries))
}

/** `try` and `can` are asked before their arguments: a mistake in one of these is what they are there for. */
function called(expr: ExprOf<'call'>, scope: Scope): Value {
  const values = () => expr.args.map((arg) => evaluate(arg, scope))
  if (expr.name === 'try' || expr.name === 'can') {
    for (const value of values()) {
      const failed = value instanceof NotEvaluable
      if (failed && !value.error) return value
      if (expr.name === 'can') return !failed
      if (!failed) return value
    }
    return refuse(`no argument of ${expr.name} can be evaluated`)
  }
  const args = values()
  const last = expr.spread ? args.pop() : undefined
  if (last instanceof NotEvaluable) return last
  const all = isList(last) ? [...args, ...last] : args
  return scope.effort.spend(sizeOf(all)) ? call(expr.name, all) : tooMuch
}

type Turn = readonly [key: Value, value: Value]
function turns({ over, test, names }: Loop, scope: Scope): readonly { turn: Turn; scope: Scope }[] | NotEvaluable {
  const all = evaluate(over, scope)
  if (all instanceof NotEvaluable) return all
  if (!isList(all) && !isMap(all)) return refuse('only lists and maps can be looped over')
  const pairs: readonly Turn[] = isList(all) ? all.map((one, i): Turn => [i, one]) : [...all]
  const kept: { turn: Turn; scope: Scope }[] = []
  for (const turn of pairs) {
    const inner = bind(scope, names, turn[0], turn[1])
    const wanted = test ? asBool(evaluate(test, inner)) : true
    if (wanted instanceof NotEvaluable) return wanted
    if (wanted) kept.push({ turn, scope: inner })
  }
  return kept
}

function forExpression({ loop, key, value, grouped }: ExprOf<'for'>, scope: Scope): Value {
  const all = turns(loop, scope)
  if (all instanceof NotEvaluable) return all
  if (!key) return all.map((one) => evaluate(value, one.scope))
  const entries = new Map<string, Value>()
  for (const one of all) {
    const name = asText(evaluate(key, one.scope))
    if (name instanceof NotEvaluable) return name
    const before = entries.get(name)
    const found = evaluate(value, one.scope)
    entries.set(name, grouped ? [...(isList(before) ? before : []), found] : found)
  }
  return mapOf(entries)
}

function template({ parts, wrapped }: ExprOf<'template'>, scope: Scope): Value {
  const [only] = parts
  if (wrapped && only?.kind === 'value') return evaluate(only.value, scope)
  return join(parts, scope)
}

function join(parts: readonly Part[], scope: Scope): string | NotEvaluable {
  let text = ''
  for (const part of parts) {
    const said = say(part, scope)
    if (said instanceof NotEvaluable) return said
    text += said
    if (text.length > largest || !scope.effort.spend(said.length)) return tooMuch
  }
  return text
}

function say(part: Part, scope: Scope): string | NotEvaluable {
  if (part.kind === 'text') return part.text
  if (part.kind === 'value') return asText(evaluate(part.value, scope))
  if (part.kind === 'if') {
    const test = asBool(evaluate(part.test, scope))
    return test instanceof NotEvaluable ? test : join(test ? part.yes : part.no, scope)
  }
  const all = turns(part.loop, scope)
  if (all instanceof NotEvaluable) return all
  let text = ''
  for (const one of all) {
    const said = join(part.body, one.scope)
    if (said instanceof NotEvaluable) return said
    text += said
    if (text.length > largest) return tooMuch
  }
  return text
}
