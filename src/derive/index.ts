/** Every derivation. */
import type { AnyDerivation } from './derivation.ts'
import { bridgePlans } from './bridge-plan.ts'
import { clientDerivations } from './clients.ts'
import { discoveryDerivations } from './discovery/index.ts'
import { groupDerivations } from './group.ts'
import { meshDerivations } from './mesh.ts'
import { nodeDerivations } from './node.ts'
import { pathDerivations } from './path/index.ts'
import { placementDerivations } from './placement.ts'
import { portsDerivations } from './ports/index.ts'
import { ruleDerivations } from './rules/index.ts'
import { saidDerivations } from './said/index.ts'
import { heldUp } from './held-up.ts'
import { startDerivations } from './start.ts'
import { templateDerivations } from './templates.ts'
import { walkDerivations } from './walk/index.ts'
import { workloadDerivations } from './workload.ts'

export const derivations: readonly AnyDerivation[] = [
  ...nodeDerivations,
  ...bridgePlans,
  ...groupDerivations,
  ...placementDerivations,
  ...clientDerivations,
  ...startDerivations,
  heldUp,
  ...pathDerivations,
  ...portsDerivations,
  ...saidDerivations,
  ...discoveryDerivations,
  ...templateDerivations,
  ...meshDerivations,
  ...workloadDerivations,
  ...ruleDerivations,
  ...walkDerivations,
]
