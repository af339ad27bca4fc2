import type { AnyProbe } from '../probe.ts'

export const consulProbes: readonly AnyProbe[] = []
