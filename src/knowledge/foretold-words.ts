import type { Foretold } from './report.ts'
import { reasonOf } from './words.ts'

/** What is said after `Foretold`, the same words everywhere. */
export const foretoldBy = (all: readonly Foretold[]): string => {
  const clients = all.filter(({ about }) => about.startsWith('node:')).length
  const by =
    clients === 0 ? 'the job file' : clients === all.length ? 'the configuration' : 'job file and configuration'
  return `by ${by}, not measured`
}

/** What a source said says more than what only follows from it. */
export function whyNotMeasured({ because }: Foretold): string {
  const told = because.find(({ why }) => why !== 'not-evaluable') ?? because[0]
  if (!told) return 'Not measured'
  return `Not measured (${told.fact === 'group.current' && told.detail !== undefined ? told.detail : reasonOf(told)})`
}
