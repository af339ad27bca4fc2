import type { World } from './world.ts'
import type { Passed, Verdict } from './types.ts'

/** What a namespace is there to do with a packet. A walk that goes on past an end makes up for what of it was not done. */
export interface Meant {
  /** Where its destination is translated to; missing: whatever the rules say. */
  readonly to?: { readonly address: string; readonly port: number }
  /** The device it leaves by; '' where the namespace takes it; missing: whatever the routes say. */
  readonly out?: string
}

/** The state of a walk that goes on past its ends. */
export interface Beyond {
  /** Missing: nothing is made up for, and what is not known ends the walk. */
  readonly meant: Meant | undefined
  passed: Passed[]
  /** The first hook is behind the packet, where its destination is translated. */
  came: boolean
}

/** Notes an end that is passed over; false in a walk that stops there. */
export function passedOver({ beyond, hops }: World, verdict: Verdict): boolean {
  if (!beyond || (!beyond.meant && verdict.kind === 'unknown')) return false
  beyond.passed.push({ verdict, after: hops.length })
  return true
}

/** The end, unless it is passed over. */
export const unlessPassed = (world: World, verdict: Verdict | undefined): Verdict | undefined =>
  verdict && !passedOver(world, verdict) ? verdict : undefined
