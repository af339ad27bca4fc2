/** Names: what is asked, and what the catalogues have. */
import type { AnyDerivation } from '../derivation.ts'
import { loopbackService } from './loopback.ts'
import { askDerivations } from './path.ts'
import { registeredDerivations } from './registered.ts'
import { serviceDerivations } from './service.ts'

export const discoveryDerivations: readonly AnyDerivation[] = [
  loopbackService,
  ...askDerivations,
  ...registeredDerivations,
  ...serviceDerivations,
]
