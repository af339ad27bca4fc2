import { same, type Token } from './words.ts'

export interface Weighed extends Token {
  /** How rare it is among all lines: ln(lines / lines with it). */
  readonly weight: number
}

/** Where the words of a line stand in a text. */
export interface Fit {
  /** Weight of the words that stand there, less what stands between them and what does not. */
  readonly score: number
  /** Places of those words in the line, in order. */
  readonly has: readonly number[]
  /** Words of the text between them where the line has nothing that varies. */
  readonly torn: number
  /** Where the first of them stands in the text. */
  readonly begin: number
  /** Where the last of them stands in the text. */
  readonly end: number
}

/** What a word costs that stands between two that fit: values and decoration stand there. */
export const gap = 0.3
/** Other words stand there, too, where nothing varies: they say something else. */
const tear = 1
/** Part of its weight that a word of the line costs which does not stand between two that do. */
const missing = 0.5

/** The words that fit in the same order and near to each other (local alignment of words). */
export function aligned(line: readonly Weighed[], asked: readonly Token[]): Fit {
  const width = asked.length + 1
  const cells = new Float64Array((line.length + 1) * width)
  const at = (i: number, j: number): number => cells[i * width + j] ?? 0
  const skip = line.map(({ varies, weight }) => (varies ? gap : missing * weight))
  const other = (i: number): number => (line[i]?.free === false ? tear : gap)
  let best = 0
  for (let i = 1; i <= line.length; i++) {
    const word = line[i - 1] as Weighed
    const between = other(i)
    for (let j = 1; j <= asked.length; j++) {
      const fits = same(word, asked[j - 1]?.word ?? '') ? at(i - 1, j - 1) + word.weight : 0
      const value = Math.max(fits, at(i - 1, j) - (skip[i - 1] ?? 0), at(i, j - 1) - between, 0)
      cells[i * width + j] = value
      if (value > (cells[best] ?? 0)) best = i * width + j
    }
  }
  let [i, j] = [Math.floor(best / width), best % width]
  const [score, end] = [at(i, j), j]
  const has: number[] = []
  let torn = 0
  while (at(i, j) > 0) {
    const word = line[i - 1] as Weighed
    if (same(word, asked[j - 1]?.word ?? '') && at(i, j) === at(i - 1, j - 1) + word.weight) {
      has.unshift(i - 1)
      i--
      j--
    } else if (at(i, j) === at(i - 1, j) - (skip[i - 1] ?? 0)) i--
    else {
      if (other(i) === tear) torn++
      j--
    }
  }
  return { score, has, torn, begin: j, end }
}
