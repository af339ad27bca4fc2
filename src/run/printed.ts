import type { Fit, Weighed } from './align.ts'
import { answersOf, answerWords, ends } from './dialects.ts'
import { asksDocker, isNameless, namesConsul } from './looked-up.ts'
import { loopback, portsIn, weightOf, type Line } from './lines.ts'
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

/** They share only words of an answer that the line does not tell of: `No such container` is no lookup. */
export const sharesAnswer = ({ line: { words, answers }, has }: Fitting, got: readonly string[]): boolean =>
  got.length > 0 &&
  !answers.some((answer) => got.includes(answer)) &&
  has.every((at) => answerWords.has(words[at]?.word ?? ''))

/** All fixed words of a line stand in a text, or those of its last parts, which are its own, as a part there, too: the cause. */
export function standsIn({ line, has, begin }: Fitting, asked: readonly Token[], all: readonly Line[]): boolean {
  const { words, answers } = line
  const first = has[0] ?? 0
  if (words.slice((has.at(-1) ?? 0) + 1).some(({ varies }) => !varies)) return false
  const understood = answers.some((answer) => ends.has(answer))
  if (words.slice(0, first).every(({ varies, word }) => varies || (understood && word === 'connect'))) return true
  const cause = words.slice(first)
  return (
    cause[0]?.part === true &&
    asked[begin]?.free === true &&
    cause.some(({ varies, word }) => !varies && !answerWords.has(word)) &&
    weightOf(cause) >= Math.max(telling, half * weightOf(words)) &&
    !severalHave(line, first, all)
  )
}

/** Whether that is so of a line from one of its words on; the lines stay the same. */
const shared = new Map<string, boolean>()

/** Different lines of different faults have these words: they are nobody's own, and may lead to another cause. */
function severalHave({ line, words }: Line, first: number, all: readonly Line[]): boolean {
  const key = `${first} ${line}`
  const before = shared.get(key)
  if (before !== undefined) return before
  const whole = words.slice(first)
  const cause = whole.slice(whole.findIndex(({ word }) => !answerWords.has(word)))
  const having = all.filter((other) =>
    other.words.some((_, from) => from > 0 && cause.every(({ word }, at) => other.words[from + at]?.word === word)),
  )
  const several =
    new Set(having.map(({ fault }) => fault)).size > 1 && new Set(having.map((other) => other.line)).size > 1
  shared.set(key, several)
  return several
}

const address = /^\d+\.\d+\.\d+\.\d+$/

const dialled = /(?:\d\.\d+|\]|\b[a-z][\w.-]*):(\d+)\b/gi
/**
 * Lines with a fixed word of the text. One that names loopback, a port there, a range of addresses, a name of Consul or of
 * a task, or what a system call answered is not printed where it was another, nor what a task looks up where docker does.
 */
export function speaksOf(known: ReadonlyMap<string, number>, text: string): (line: Line) => boolean {
  const [ports, answers] = [portsIn(text, dialled), answersOf(text)]
  const addresses = [...known.keys()].filter((word) => address.test(word))
  const [consul, docker, nameless] = [namesConsul(text), asksDocker(text), isNameless(text)]
  const another = ({ nameOf, nameless: bare }: Line) =>
    bare ? !nameless : nameOf !== undefined && (nameOf === 'consul' ? !known.has('consul') : consul)
  const elsewhere = (words: readonly Weighed[]) =>
    words.some(
      (one) =>
        (addresses.length > 0 && loopback.test(one.word) && !known.has(one.word)) ||
        (one.begins && /^\d/.test(one.word) && !addresses.some((other) => same(one, other))),
    )
  return (line) => {
    const { words, answers: own, ports: named, lookup } = line
    return (
      words.some(({ word, varies }) => !varies && known.has(word)) &&
      !(ports.size > 0 && named.size > 0 && ![...named].some((port) => ports.has(port))) &&
      !(own.length > 0 && answers.length > 0 && !own.some((answer) => answers.includes(answer))) &&
      !another(line) &&
      !(lookup && docker) &&
      !elsewhere(words)
    )
  }
}
