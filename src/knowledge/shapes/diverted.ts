import type { RuleStop } from './walk.ts'

/** The rule of the caller's client that sends a call of the target elsewhere. */
export interface Diverted extends Pick<
  RuleStop,
  'place' | 'host' | 'port' | 'hook' | 'family' | 'by' | 'table' | 'chain' | 'handle'
> {
  /** Position in the chain, from 1. */
  readonly rule: number
  readonly text: string
  /** Where the caller has the address from. */
  readonly from: string
  /** Where it is sent. */
  readonly to: { readonly address: string; readonly port: number }
  /** The call was measured to be answered, by whoever that is: what is there may pass it on to the target. */
  readonly answered: boolean
}
