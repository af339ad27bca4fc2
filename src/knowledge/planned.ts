import type { Planned } from './fault.ts'

/** The servers' answer to an edited file, as it stands beside the diff. */
export function plannedLine({ plan, unplanned }: Planned): string | undefined {
  if (plan !== undefined) return `The servers' plan: ${plan}`
  return unplanned === undefined ? undefined : `The servers' plan is not known: ${unplanned}`
}
