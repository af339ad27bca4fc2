import type { AnyProbe } from '../probe.ts'

export const workloadProbes: readonly AnyProbe[] = []
