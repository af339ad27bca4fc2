/** Every probe. Each fact has exactly one origin: one of these, or one derivation. */
import { nomadProbes } from './nomad/index.ts'
import { consulProbes } from './consul/index.ts'
import { nameProbes } from './names/index.ts'
import { nodeProbes } from './node/index.ts'
import { workloadProbes } from './workload/index.ts'
import type { AnyProbe } from './probe.ts'

export const probes: readonly AnyProbe[] = [
  ...nomadProbes,
  ...consulProbes,
  ...nameProbes,
  ...nodeProbes,
  ...workloadProbes,
]
