/**
 * Parts that cannot be evaluated, in a form that passes through the reader of the API: texts and numbers that stand for
 * nothing, and a mark on the block where no such stand-in exists. Afterwards `hollow` makes them throw when they are read.
 */
import type { NotEvaluable } from './value.ts'

export const markOfBlock = '\uF8FFhole'
const numbersFrom = -(2 ** 52)

export class Holes {
  readonly reasons: string[] = []
  /** What stands for a text, a list of texts or a number. */
  text({ why }: NotEvaluable): string {
    return `\uF8FFtext:${this.reasons.push(why) - 1}\uF8FF`
  }
  list({ why }: NotEvaluable): readonly string[] {
    return [`\uF8FFlist:${this.reasons.push(why) - 1}\uF8FF`]
  }
  number({ why }: NotEvaluable): number {
    return numbersFrom - (this.reasons.push(why) - 1)
  }
  mark({ why }: NotEvaluable): number {
    return this.reasons.push(why) - 1
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
