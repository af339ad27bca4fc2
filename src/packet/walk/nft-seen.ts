import type { Unsure } from './answer.ts'
import type { Span } from './match-field.ts'
import type { Sight } from './world.ts'

/** What an expression of nftables reads from a packet. */
export type Seen =
  | { readonly kind: 'address' | 'name' | 'word'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  /** Type or code of an ICMP message, which rules name or number. */
  | { readonly kind: 'icmp'; readonly family: 4 | 6; readonly value: number }
  /** Which rules name or number. */
  | { readonly kind: 'dscp'; readonly value: number }
  /** A length or lifetime. */
  | ({ readonly kind: 'span'; readonly name: string } & Span)
  /** A port; undefined: the kernel's choice. */
  | { readonly kind: 'port'; readonly side: 'sport' | 'dport' }
  /** Bits by name: states, flags. */
  | { readonly kind: 'bits'; readonly words: readonly string[] }
  | { readonly kind: 'parts'; readonly parts: readonly Seen[] }
  /** The time, a counter, bytes that are not walked: whether any value is the one is a chance. */
  | { readonly kind: 'chance' }
  /** The packet has no such field: no comparison holds, not even an inverted one. */
  | { readonly kind: 'nothing' }

export type Read = (sight: Sight) => Seen | Unsure

export const chance: Seen = { kind: 'chance' }
export const nothing: Seen = { kind: 'nothing' }
export const word = (text: string): Seen => ({ kind: 'word', text })
export const amount = (value: number): Seen => ({ kind: 'number', value })
