/** Whether a value can be what an argument takes; in the words of Nomad. Source: nomad/jobspec2/hcl_conversions.go, go-cty. */
import type { SyntaxProblem } from './ast.ts'
import type { Attr } from './block.ts'
import { duration } from './duration.ts'
import { asNumber, hole, isList, isMap, NotEvaluable, type Value } from './value.ts'

/** `type` is a word of schema-data.ts. What is not known, and null, may be anything. */
export function wrongType(type: string, { value, at }: Attr): readonly SyntaxProblem[] {
  if (value === null || hole(value)) return []
  const detail = checks[type]?.(value)
  return detail === undefined
    ? []
    : [{ line: at.line, column: at.column, summary: 'Unsuitable value type', detail: `Unsuitable ${detail}` }]
}

/** An expression that Nomad cannot evaluate either. */
export function wrongExpression({ value, at }: Attr): readonly SyntaxProblem[] {
  const missing = hole(value)
  if (!missing?.error) return []
  return [{ line: at.line, column: at.column, summary: 'Cannot be evaluated', detail: `${missing.why}.` }]
}

type Check = (value: Value) => string | undefined
const checks: Readonly<Record<string, Check>> = {
  text: (value) => (isPlain(value) ? undefined : `value: string required, but have ${nameOf(value)}`),
  number: (value) => {
    const number = typeof value === 'boolean' || !isPlain(value) ? undefined : asNumber(value)
    if (number === undefined || number instanceof NotEvaluable) return 'value: a number is required'
    return Number.isInteger(number) ? undefined : 'value: value must be a whole number'
  },
  bool: (value) =>
    typeof value === 'boolean' || (typeof value === 'string' && /^(true|false|0|1)$/.test(value))
      ? undefined
      : 'value: a bool is required',
  duration: (value) => {
    if (typeof value === 'number') return undefined
    if (typeof value !== 'string') return `value: expected a string but found ${nameOf(value)}`
    return duration(value) === undefined ? `duration value: time: invalid duration "${value}"` : undefined
  },
  texts: (value) => {
    if (!isList(value)) return `value: list of string required, but have ${nameOf(value)}`
    const [wrong] = value.filter((one) => !isPlain(one))
    return wrong === undefined ? undefined : 'value: string required'
  },
  map: (value) => (isMap(value) ? undefined : `value: map of string required, but have ${nameOf(value)}`),
}

const isPlain = (value: Value): boolean => !isList(value) && !isMap(value)
const nameOf = (value: Value): string =>
  isList(value) ? 'tuple' : isMap(value) ? 'object' : typeof value === 'boolean' ? 'bool' : typeof value
