/** Facts of a path that follow from both its ends. */
import type { AnyDerivation } from '../derivation.ts'

export const pathDerivations: readonly AnyDerivation[] = []
