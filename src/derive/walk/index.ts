/** The packet walk over the facts of a path. */
import type { AnyDerivation } from '../derivation.ts'
import { disagreementDerivation } from './disagreement.ts'
import { kernelDerivations } from './kernel.ts'
import { networkDerivation } from './network.ts'
import { walksDerivation } from './walks.ts'

export const walkDerivations: readonly AnyDerivation[] = [
  ...kernelDerivations,
  networkDerivation,
  walksDerivation,
  disagreementDerivation,
]
