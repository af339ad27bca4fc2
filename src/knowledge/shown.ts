import type { Fault, FixStep } from './fault.ts'

/** What a page about a fault shows of one case of it: the first of its examples in which it is present. */
export interface Shown {
  /** The name of the example. */
  readonly example: string
  /** What the report says of it. */
  readonly says: string
  readonly fix: readonly FixStep[]
}

/** What of a step a person reads. */
const asRead = ({ do: what, on, risk, run, note }: FixStep): FixStep => ({
  do: what,
  on,
  risk,
  ...(run === undefined ? {} : { run }),
  ...(note === undefined ? {} : { note }),
})

/** The bundle has no examples: there, a module with what this one returns stands in its place. */
export function shownOf({ examples, holds, fix }: Fault): Shown | undefined {
  const example = examples.find(({ then }) => then === 'present')
  if (!example) return undefined
  const said = holds(example.given)
  const says = said === false ? '' : typeof said === 'string' ? said : said.says
  return { example: example.name, says, fix: fix(example.given).map(asRead) }
}
