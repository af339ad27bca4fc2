/** Facts of a path that follow from both its ends. */
import type { AnyDerivation } from '../derivation.ts'
import { dialsDerivation } from './dials.ts'
import { discoveryDerivation } from './discovery.ts'
import { flowsDerivation } from './flows.ts'
import { placeDerivations } from './place.ts'
import { portDerivations } from './port.ts'
import { protocolDerivation } from './protocol.ts'
import { reachDerivations } from './reach.ts'
import { reachedDerivation } from './reached.ts'
import { runsDerivation } from './runs.ts'

export const pathDerivations: readonly AnyDerivation[] = [
  ...placeDerivations,
  ...portDerivations,
  ...reachDerivations,
  protocolDerivation,
  flowsDerivation,
  discoveryDerivation,
  dialsDerivation,
  reachedDerivation,
  runsDerivation,
]
