import type { Seen } from './fact.ts'
import type { Evidence } from './report.ts'

/** Each piece of evidence once; after the facts themselves the raw replies they follow from. */
export function eachOnce(shown: readonly Seen[]): Seen[] {
  const found = shown.filter(
    (one, i) => shown.findIndex(({ ask, excerpt }) => ask === one.ask && excerpt === one.excerpt) === i,
  )
  const asks = new Set(found.map(({ ask }) => ask))
  shown.forEach(({ inputs }) =>
    inputs?.forEach((one) => {
      if (asks.has(one.ask)) return
      asks.add(one.ask)
      found.push(one)
    }),
  )
  return found
}

/** Evidence as reports show it. */
export function printed({ request, excerpt, at, ask, inputs, others = inputs?.length ?? 0 }: Seen): Evidence {
  return { request, excerpt, at, ask, ...(others > 0 ? { others } : {}) }
}

/** In place of a request whose reply stands in the list already; empty where it is the first one. */
export function againWords(evidence: readonly Evidence[], index: number): string {
  const one = evidence[index]
  const first = evidence.findIndex(({ ask, at }) => ask === one?.ask && at === one.at)
  return first < index ? `in the same reply as [${first + 1}]` : ''
}

/** In front of what no reply shows alone. */
export const followsWords = (others = 0): string =>
  others === 0 ? '' : `follows, with ${others} more ${others === 1 ? 'reply' : 'replies'}:`
