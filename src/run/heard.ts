import { clean } from '../ask/clean.ts'
import type { Fault } from '../knowledge/fault.ts'
import { aligned, gap } from './align.ts'
import { answersOf, inGo } from './dialects.ts'
import { allLines, called, weightOfWord, type Line } from './lines.ts'
import { asService } from './looked-up.ts'
import { agrees, sharesAnswer, speaksOf, standsIn, telling, type Fitting } from './printed.ts'
import { rarer } from './usual.ts'
import { tokens } from './words.ts'

/** A line people paste, and how much of it the pasted text has. */
export interface Heard {
  readonly fault: Fault
  readonly line: string
  /** Weight of the words of the text that the line has; equal where the text alone cannot tell two lines apart. */
  readonly fit: number
  /** The text is not that line, nor its cause, nor a piece of it: they only share words. */
  readonly loose: boolean
}

/** A pasted text is looked at up to here: a log of a whole day is no line. */
const mostWords = 400
/** Part of a line that has to fit, or of what fits best: people paste parts of lines, too. */
const enough = 0.6
/** Part of a text that a line has where the text is a piece of the line. */
const piece = 0.85

/** What a word weighs that no line has, where it is told whether a line and a text only share words. */
const another = 3

/** Lines that fit a pasted text, best first; names, numbers, ids and log decoration in the text do not disturb. */
export function heardIn(text: string): readonly Heard[] {
  const all = allLines()
  const said = asService(inGo(clean(text)))
  const asked = tokens(said).slice(0, mostWords)
  const known = new Map<string, number>()
  for (const { word } of asked) known.set(word, weightOfWord(word))
  const weigh = (unheard: number) =>
    asked.reduce((sum, { word, varies }) => sum + (varies ? 0 : known.get(word) || unheard), 0)
  if (weigh(0) < telling) return []
  // A word that no line has speaks of something else.
  const own = weigh(another)
  const scored = all
    .filter(({ sets }) => sets?.test(text) !== false)
    .filter(speaksOf(known, said))
    .filter(mayFit(known))
    .map((line) => ({ line, ...aligned(line.words, asked) }))
  const got = answersOf(said)
  const best = scored.reduce((most, { score }) => Math.max(most, score), 0)
  if (best < telling) return []
  const fitting = scored
    .filter(({ line, score }) => score >= Math.min(telling, line.whole) && score >= enough * Math.min(line.whole, best))
    .map((one) => {
      const { line, score, has } = one
      const agree = agrees(one, asked)
      const ends = (has.at(-1) ?? 0) + 1 === line.words.length
      return {
        ...one,
        fit: score,
        complete: agree && standsIn(one, asked, all),
        piece: agree && score >= piece * own,
        names: called(line, known),
        score: score * (1 + (ends ? 1 : Math.min(1, score / line.whole))),
      }
    })
  const answered = ({ answers }: Line): number => Number(got.length > 0 && answers.length > 0)
  return placed(fitting.map((one) => ({ ...one, score: one.complete ? above(one, fitting) : one.score })))
    .map((one) => ({ ...one, loose: !one.complete && !one.piece }))
    .filter((one) => !one.loose || !sharesAnswer(one, got))
    .toSorted(
      (a, b) =>
        Number(a.loose) - Number(b.loose) ||
        (a.loose ? answered(b.line) - answered(a.line) : 0) ||
        b.score - a.score ||
        b.names - a.names ||
        a.line.place - b.line.place ||
        rarer(a.line.fault, b.line.fault),
    )
    .map(({ line: { fault, line }, fit, loose }) => ({ fault, line: loose ? line : without(line, text), fit, loose }))
}

/** A line as the text has it: another value in quotes than its own is none that it prints. */
const without = (line: string, text: string): string =>
  line.replaceAll(/(?<=")[\w.-]+(?=")/g, (value) => (text.includes(value) ? value : '…'))

/** Where a line names the place that is dialled, those that leave it open come behind it, whatever stands in front of it. */
function placed<One extends Fitting & { readonly complete: boolean }>(all: readonly One[]): readonly One[] {
  const here = all.filter(({ line, complete }) => complete && line.dials === 'loopback').map(({ score }) => score)
  if (here.length === 0) return all
  const least = Math.min(...here)
  return all.map((one) =>
    one.line.dials === 'anywhere' ? { ...one, score: (least * one.score) / (least + one.score) } : one,
  )
}

/** Lines whose words in the text weigh enough, in whatever order: the others need not be compared. */
const mayFit =
  (known: ReadonlyMap<string, number>) =>
  ({ words, whole }: Line): boolean =>
    words.reduce((sum, { word, begins, weight }) => sum + (begins || known.has(word) ? weight : 0), 0) >=
    Math.min(telling, whole)

/**
 * An error is told with its cause at the end: a line that stands whole after an open one is what that one leads to, unless
 * it is only a consequence of it.
 */
const above = (one: Fitting, all: readonly Fitting[]): number =>
  all.reduce(
    (most, { line, score, end }) =>
      line.open && end < one.end && line.fault !== one.line.fault && !line.fault.explains.includes(one.line.fault.id)
        ? Math.max(most, score + gap)
        : most,
    one.score,
  )
