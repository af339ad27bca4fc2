import type { AnyProbe } from '../probe.ts'

export const nodeProbes: readonly AnyProbe[] = []
