/** Bounds for what a file has worked out: a few lines of locals may stand for more than any machine holds. */
import { isList, isMap, NotEvaluable, type Value } from './value.ts'

/** Servers take no longer source than this many characters, unless told so: job_max_source_size. */
export const largest = 1_000_000
/** Steps for one file, and characters: thousands of blocks with hundreds of expressions each stay below. */
const most = 5_000_000
/** Of expressions in expressions, through locals too, and of lists in lists. */
const deepest = 500

export const tooMuch = new NotEvaluable('this is more than is worked out here')

/** What is left of it, for one file. */
export class Effort {
  #left = most
  #depth = 0
  /** Whether so many steps may still be made. */
  spend(steps: number): boolean {
    this.#left -= steps
    return this.#left >= 0
  }
  /** One step, with what it is made of. */
  step(work: () => Value): Value {
    if (this.#depth >= deepest || !this.spend(1)) return tooMuch
    this.#depth++
    const value = work()
    this.#depth--
    return sizeOf(value) > largest || depthOf(value) > deepest ? tooMuch : value
  }
}

interface Measure {
  readonly size: number
  readonly depth: number
}
const measured = new WeakMap<object, Measure>()

/** Parts and characters as they would be written out, however often the same part is meant. */
export const sizeOf = (value: Value): number => measure(value).size
const depthOf = (value: Value): number => measure(value).depth

function measure(value: Value): Measure {
  if (typeof value === 'string') return { size: 1 + value.length, depth: 0 }
  if (!isList(value) && !isMap(value)) return { size: 1, depth: 0 }
  const before = measured.get(value)
  if (before) return before
  let [size, depth] = [1, 0]
  for (const one of value.values()) {
    const part = measure(one)
    size += part.size
    depth = Math.max(depth, part.depth + 1)
  }
  const found = { size, depth }
  measured.set(value, found)
  return found
}
