/** The vocabulary: every fact, its type and its meaning. Types come from the lines; `docs/facts.md` is printed from them. */
import type { FactLine } from './fact.ts'
import { allocFacts } from './facts/alloc.ts'
import { clusterFacts } from './facts/cluster.ts'
import { groupFacts } from './facts/group.ts'
import { jobFacts } from './facts/job.ts'
import { nodeFacts } from './facts/node.ts'
import { pathFacts } from './facts/path.ts'
import { serviceFacts } from './facts/service.ts'
import { taskFacts } from './facts/task.ts'

export const facts = {
  ...clusterFacts,
  ...nodeFacts,
  ...jobFacts,
  ...groupFacts,
  ...taskFacts,
  ...allocFacts,
  ...serviceFacts,
  ...pathFacts,
}

type Lines = typeof facts
type ValueOf<L> = L extends FactLine<infer T> ? T : never

export type FactKey = keyof Lines
export type Facts = { readonly [K in FactKey]: ValueOf<Lines[K]> }

/**
 * What a fault or a derivation may ask for, seen from its own thing: a fact of itself or of a thing it belongs to
 * (`node.*` of an allocation), of a side of a path (`target.node.*`), or of all its members (`every.alloc.*` of a node).
 */
export type Need = FactKey | `source.${FactKey}` | `target.${FactKey}` | `every.${FactKey}`

/** One member's value in an `every.` need. */
export interface Member<T> {
  readonly about: string
  readonly id: string
  readonly value: T
}

export type NeedValue<N extends Need> = N extends `every.${infer K extends FactKey}`
  ? readonly Member<Facts[K]>[]
  : N extends `source.${infer K extends FactKey}`
    ? Facts[K]
    : N extends `target.${infer K extends FactKey}`
      ? Facts[K]
      : N extends FactKey
        ? Facts[N]
        : never

/** A record of exactly the declared facts. */
export type Given<N extends Need> = { readonly [K in N]: NeedValue<K> }
