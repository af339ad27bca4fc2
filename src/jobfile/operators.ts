import { asBool, asNumber, equal, hole, NotEvaluable, refuse, type Value } from './value.ts'

export function unary(op: string, of: Value): Value {
  const value = op === '!' ? asBool(of) : asNumber(of)
  if (value instanceof NotEvaluable) return value
  return typeof value === 'boolean' ? !value : -value
}

export function binary(op: string, left: Value, right: Value): Value {
  if (op === '==' || op === '!=') return hole(left) ?? hole(right) ?? equal(left, right) === (op === '==')
  if (op === '&&' || op === '||') {
    const [a, b] = [asBool(left), asBool(right)]
    if (a instanceof NotEvaluable) return a
    return b instanceof NotEvaluable ? b : op === '&&' ? a && b : a || b
  }
  const [a, b] = [asNumber(left), asNumber(right)]
  if (a instanceof NotEvaluable) return a
  return b instanceof NotEvaluable ? b : arithmetic(op, a, b)
}

function arithmetic(op: string, a: number, b: number): Value {
  if ((op === '/' || op === '%') && b === 0) return refuse('division by zero')
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '%':
      return a % b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
    default:
      return refuse(`there is no operator ${op}`)
  }
}
