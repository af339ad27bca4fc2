import type { AnyProbe } from '../probe.ts'

export const nomadProbes: readonly AnyProbe[] = []
