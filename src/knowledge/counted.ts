import type { Verdict } from './verdict.ts'

/** What counts once: a fault about one thing, however many instances of it were judged. What is ruled out counts each time. */
export function once<V extends Verdict>(verdicts: readonly V[]): V[] {
  const keys = new Set<string>()
  return verdicts.filter(({ verdict, fault, about }) => {
    const key = `${verdict} ${fault} ${about}`
    return verdict === 'absent' || (!keys.has(key) && keys.add(key))
  })
}

/** Each thing a verdict says, as a verdict of its own. */
export const partsOf = <V extends Verdict>(verdict: V): readonly V[] =>
  verdict.verdict === 'present'
    ? [verdict, ...(verdict.also ?? []).map((part) => ({ ...verdict, ...part }))]
    : [verdict]
