import type { Arrived } from './arrive.ts'
import type { Leg } from './segment.ts'
import type { Way } from './way.ts'
import type { Space } from './world.ts'
import type { Back } from './types.ts'

/** What happens next to the packet. */
export type Stage =
  /** It came in by a device; `early`: it went through prerouting already, as a bridged frame. */
  | {
      readonly go: 'receive'
      readonly space: Space
      readonly dev: string
      readonly early?: boolean
      readonly arrived?: Arrived
    }
  /** It leaves a namespace. */
  | { readonly go: 'send'; readonly space: Space; readonly way: Way }
  /** Its frame is on the way. */
  | { readonly go: 'carry'; readonly legs: readonly Leg[] }
  | { readonly go: 'end'; readonly verdict: Ended }

export type Ended = Back['verdict']

export const end = (verdict: Ended): Stage => ({ go: 'end', verdict })
