/**
 * Parts that cannot be evaluated, in a form that passes through the reader of the API: texts and numbers that stand for
 * nothing, and a mark on the block where no such stand-in exists. Afterwards `hollow` makes them throw when they are read.
 */
import type { Span } from './ast.ts'
import type { NotEvaluable } from './value.ts'

export const markOfBlock = '\uF8FFhole'
const numbersFrom = -(2 ** 52)

/** Whether such a text is in it. */
export const isHole = (text: string): boolean => /\uF8FF(?:text|list):\d+\uF8FF/.test(text)

/** Where a part stands, and what it is called there. */
export interface Spot {
  readonly name: string
  readonly span: Span
  /** No fault asks for what stands there. */
  readonly aside: boolean
}

export class Holes {
  readonly reasons: string[]
  readonly spots: (Spot | undefined)[]
  readonly #at: Spot | undefined
  readonly #aside: boolean
  constructor(reasons: string[] = [], spots: (Spot | undefined)[] = [], at?: Spot, aside = false) {
    this.reasons = reasons
    this.spots = spots
    this.#at = at
    this.#aside = aside
  }
  /** The same, for the parts of one attribute or block. */
  at(name: string, span: Span): Holes {
    return new Holes(this.reasons, this.spots, { name, span, aside: this.#aside }, this.#aside)
  }
  /** The same, for a block that no fault asks for. */
  aside(): Holes {
    return new Holes(this.reasons, this.spots, this.#at, true)
  }
  /** What stands for a text, a list of texts or a number. */
  text(missing: NotEvaluable): string {
    return `\uF8FFtext:${this.mark(missing)}\uF8FF`
  }
  list(missing: NotEvaluable): readonly string[] {
    return [`\uF8FFlist:${this.mark(missing)}\uF8FF`]
  }
  number(missing: NotEvaluable): number {
    return numbersFrom - this.mark(missing)
  }
  mark({ why }: NotEvaluable): number {
    this.spots.push(this.#at)
    return this.reasons.push(why) - 1
  }
  /** Each reason that matters to a fault once, with the first place that it leaves open: `12:7: to: variable "port" has no value`. */
  said(): readonly string[] {
    const first = new Map<string, { at: Spot | undefined; more: number }>()
    for (const [index, why] of this.reasons.entries()) {
      if (this.spots[index]?.aside) continue
      const before = first.get(why)
      if (before) before.more++
      else first.set(why, { at: this.spots[index], more: 0 })
    }
    return [...first].map(([why, { at, more }]) => {
      const place = at ? `${at.span.line}:${at.span.column}: ${at.name}: ` : ''
      return `${place}${why}${more > 0 ? `, and ${more} more ${more === 1 ? 'place' : 'places'}` : ''}`
    })
  }
  /** The reason a value stands for, if it stands for nothing. */
  reasonOf(value: unknown): string | undefined {
    if (typeof value === 'number') return value <= numbersFrom ? this.reasons[numbersFrom - value] : undefined
    if (typeof value === 'string') {
      const [, index] = /\uF8FF(?:text|list):(\d+)\uF8FF/.exec(value) ?? []
      return index === undefined ? undefined : this.reasons[Number(index)]
    }
    const [first] = Array.isArray(value) ? (value as unknown[]) : []
    return typeof first === 'string' && first.startsWith('\uF8FFlist:') ? this.reasonOf(first) : undefined
  }
}
