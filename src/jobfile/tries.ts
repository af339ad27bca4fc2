/** How much a regular expression may try, which a hostile one makes exponential: a bound, read off its text. */

interface Shape {
  /** Ways to match it that may all be tried at one place. */
  readonly ways: number
  /** Characters it takes at least. */
  readonly least: number
  /** Its parts, each as often as it may be repeated. */
  readonly steps: number
}
const nothing: Shape = { ways: 1, least: 0, steps: 1 }
const character: Shape = { ways: 1, least: 1, steps: 1 }
const endless: Shape = { ways: Infinity, least: 0, steps: Infinity }
/** Of groups in groups. */
const deepest = 50

const quantifier = /(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/y
/** An escape, a class, the beginning of a group, or any one character. */
const piece = /\\[^]|\[(?:\\[^]|[^\]\\])*\]|\((?:\?(?:<?[=!]|:|<\w+>))?|[^]/uy

/** Steps in which the expression is tried all over a text of so many characters, at most. */
export function triesOf(source: string, length: number): number {
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(source)
    if (found) at = pattern.lastIndex
    return found
  }
  const alternatives = (depth: number): Shape => {
    if (depth > deepest) return endless
    const all = [sequence(depth)]
    while (source[at] === '|') {
      at++
      all.push(sequence(depth))
    }
    return {
      ways: all.reduce((sum, { ways }) => sum + ways, 0),
      least: all.reduce((least, one) => Math.min(least, one.least), Infinity),
      steps: all.reduce((sum, { steps }) => sum + steps, 0),
    }
  }
  const sequence = (depth: number): Shape => {
    let all = nothing
    while (at < source.length && source[at] !== '|' && source[at] !== ')') {
      const one = repeated(single(depth))
      all = { ways: all.ways * one.ways, least: all.least + one.least, steps: all.steps + one.steps }
      if (all.ways === Infinity) at = source.length
    }
    return all
  }
  const single = (depth: number): Shape => {
    const text = take(piece)?.[0] ?? ''
    if (text === '^' || text === '$' || /^\\[bBk1-9]/.test(text)) return nothing
    if (!text.startsWith('(')) return character
    const inside = alternatives(depth + 1)
    at++
    return /^\(\?<?[=!]/.test(text) ? { ...inside, least: 0 } : inside
  }
  const repeated = (one: Shape): Shape => {
    const found = take(quantifier)
    if (!found) return one
    const [, mark, low, open, high] = found
    const min = mark === undefined ? Number(low) : mark === '+' ? 1 : 0
    const max = mark === '?' ? 1 : mark !== undefined || (open && !high) ? Infinity : Number(high || low)
    // Beyond the smallest number of them each has to take a character.
    const most = Math.min(max, one.least > 0 ? Math.floor(length / one.least) : min + length)
    const counts = Math.max(1, most - min + 1)
    return {
      ways: one.ways > 1 ? counts * one.ways ** most : counts,
      least: one.least * min,
      steps: one.steps * Math.max(1, most),
    }
  }
  const { ways, steps } = alternatives(0)
  return (length + 1) * Math.max(ways, steps)
}
