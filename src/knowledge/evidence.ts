import type { Seen } from './fact.ts'
import type { Evidence } from './report.ts'

/** Each piece of evidence once; after the facts themselves the raw replies they follow from. */
export function eachOnce(shown: readonly Seen[]): Seen[] {
  const first = shown.filter(
    (one, i) => shown.findIndex(({ ask, excerpt }) => ask === one.ask && excerpt === one.excerpt) === i,
  )
  const raw = shown.flatMap(({ inputs = [] }) => inputs)
  const more = raw.filter(
    ({ ask }, i) => raw.findIndex((one) => one.ask === ask) === i && !first.some((one) => one.ask === ask),
  )
  return [...first, ...more]
}

/** Evidence as reports show it. */
export const printed = ({ request, excerpt, at, ask }: Seen): Evidence => ({ request, excerpt, at, ask })
