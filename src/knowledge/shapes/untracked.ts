import type { RuleStop } from './walk.ts'

/** A rule that exempts a call from connection tracking, or its answer, where its addresses are translated: NAT passes it by. */
export interface Untracked extends Pick<
  RuleStop,
  'place' | 'host' | 'port' | 'answer' | 'by' | 'family' | 'table' | 'chain' | 'handle'
> {
  /** Position in the chain, from 1; null where its text alone is known. */
  readonly rule: number | null
  readonly text: string
}
