import type { Fit, Weighed } from './align.ts'
import { answersOf, answerWords, ends } from './dialects.ts'
import { loopback, weightOf, type Line } from './lines.ts'
import { same, type Token } from './words.ts'

export type Fitting = Fit & { readonly line: Line }

/** What the known words of a text must weigh together before it is taken for a line: one rare word, or two common ones. */
export const telling = 4

/** Part of a line that its cause weighs at the least. */
const half = 0.5

/** A line and a text do not contradict each other between the words they share, and at the end of both. */
export function agrees({ line: { words }, has, torn, end }: Fitting, asked: readonly Token[]): boolean {
  const [first = 0, last = 0] = [has[0], has.at(-1)]
  const there = new Set(has)
  const missed = (from: number, to: number) =>
    words.slice(from, to).some(({ varies }, at) => !varies && !there.has(from + at))
  return (
    torn === 0 &&
    !missed(first, last) &&
    (!missed(last, words.length) || asked.slice(end).every(({ word }) => /^[\d.]+$/.test(word)))
  )
}

/** All fixed words of a line stand in a text, or those of its last parts, which are its own: the cause. */
export function standsIn({ line: { words, answers }, has }: Fitting, all: readonly Line[]): boolean {
  const first = has[0] ?? 0
  if (words.slice((has.at(-1) ?? 0) + 1).some(({ varies }) => !varies)) return false
  const understood = answers.some((answer) => ends.has(answer))
  if (words.slice(0, first).every(({ varies, word }) => varies || (understood && word === 'connect'))) return true
  const cause = words.slice(first)
  return (
    cause[0]?.part === true &&
    cause.some(({ varies, word }) => !varies && !answerWords.has(word)) &&
    weightOf(cause) >= Math.max(telling, half * weightOf(words)) &&
    !severalHave(cause, all)
  )
}

/** Different lines of different faults have these words: they are nobody's own, and may lead to another cause. */
function severalHave(whole: readonly Weighed[], all: readonly Line[]): boolean {
  const cause = whole.slice(whole.findIndex(({ word }) => !answerWords.has(word)))
  const having = all.filter(({ words }) =>
    words.some((_, from) => from > 0 && cause.every(({ word }, at) => words[from + at]?.word === word)),
  )
  return new Set(having.map(({ fault }) => fault)).size > 1 && new Set(having.map(({ line }) => line)).size > 1
}

const address = /^\d+\.\d+\.\d+\.\d+$/

/** Ports that a line names as such; they are told from others by where they stand. */
const named = /(?:127\.0\.0\.1|localhost|\[::1\]|<address>):(\d+)/g
const dialled = /(?:\d\.\d+|\]|\b[a-z][\w.-]*):(\d+)\b/gi
const portsOf = (text: string, where: RegExp): ReadonlySet<string> =>
  new Set(Array.from(text.matchAll(where), ([, port = '']) => port))

/** A name of Consul, whatever the service. */
const ofConsul = /\.consul\b/

/**
 * Lines with a fixed word of the text. One that names loopback, a port there, a range of addresses, a name of Consul or
 * what a system call answered is not printed where it was another.
 */
export function speaksOf(known: ReadonlyMap<string, number>, text: string): (line: Line) => boolean {
  const [ports, answers] = [portsOf(text, dialled), answersOf(text)]
  const addresses = [...known.keys()].filter((word) => address.test(word))
  const elsePort = (line: string) => {
    const own = [...portsOf(line, named)]
    return ports.size > 0 && own.length > 0 && !own.some((port) => ports.has(port))
  }
  const elsewhere = (words: readonly Weighed[]) =>
    words.some(
      (one) =>
        (addresses.length > 0 && loopback.test(one.word) && !known.has(one.word)) ||
        (one.begins && /^\d/.test(one.word) && !addresses.some((other) => same(one, other))),
    )
  return ({ line, words, answers: own }) =>
    words.some(({ word, varies }) => !varies && known.has(word)) &&
    !elsePort(line) &&
    !(own.length > 0 && answers.length > 0 && !own.some((answer) => answers.includes(answer))) &&
    !(ofConsul.test(line) && !known.has('consul')) &&
    !elsewhere(words)
}
