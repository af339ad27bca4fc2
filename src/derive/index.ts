/** Every derivation. */
import type { AnyDerivation } from './derivation.ts'
import { discoveryDerivations } from './discovery/index.ts'
import { groupDerivations } from './group.ts'
import { nodeDerivations } from './node.ts'
import { pathDerivations } from './path/index.ts'
import { portsDerivations } from './ports/index.ts'
import { workloadDerivations } from './workload.ts'

export const derivations: readonly AnyDerivation[] = [
  ...nodeDerivations,
  ...groupDerivations,
  ...pathDerivations,
  ...portsDerivations,
  ...discoveryDerivations,
  ...workloadDerivations,
]
