/** Facts of a path that follow from both its ends. */
import type { AnyDerivation } from '../derivation.ts'
import { dialsDerivation } from './dials.ts'
import { discoveryDerivation } from './discovery.ts'
import { placeDerivations } from './place.ts'
import { portDerivations } from './port.ts'
import { reachDerivations } from './reach.ts'
import { reachedDerivation } from './reached.ts'
import { runsDerivation } from './runs.ts'

export const pathDerivations: readonly AnyDerivation[] = [
  ...placeDerivations,
  ...portDerivations,
  ...reachDerivations,
  discoveryDerivation,
  dialsDerivation,
  reachedDerivation,
  runsDerivation,
]
