import { foretoldBy } from './foretold-words.ts'
import { begun, count, ended, reasonOf, whyWord } from './words.ts'
import type { Because, PacketEnd, Report, ReportStep, UnknownFinding } from './report.ts'

type Open = Pick<Report, 'unknown' | 'steps'>

/** What a report leaves open. The one unit: a fault, however many things it is not known for; and a question. */
export interface Unsettled {
  /** A fault once for each thing. */
  readonly verdicts: readonly UnknownFinding[]
  /** Each fault once, in the order of the report. */
  readonly faults: readonly UnknownFinding[]
  /** Questions nobody answered. */
  readonly questions: readonly ReportStep[]
  /** Answers that leave the trouble unexplained: a connection fails. */
  readonly unexplained: readonly ReportStep[]
  /** Faults of a survey that depend on who calls: it names nobody, so they are no questions of its own. */
  readonly callers: number
}

/** With steps, what the walk left open; without, every verdict of a survey but risks and what a caller decides. */
export function unsettled({ unknown, steps }: Open): Unsettled {
  const open = new Set(steps.flatMap((step) => (step.open && step.fault !== undefined ? [step.fault] : [])))
  const survey = steps.length === 0
  const verdicts = unknown.filter((one) => (survey ? !one.risk && !one.aside && !asksCaller(one) : open.has(one.id)))
  const faults = once(verdicts)
  const answers = steps.filter((step) => step.open && step.question !== undefined)
  const questions = answers.filter(({ by }) => by === 'assumed')
  const unexplained = answers.filter(({ by }) => by !== 'assumed')
  const callers = survey ? once(unknown.filter((one) => !one.risk && asksCaller(one))) : []
  const alone = callers.filter(({ id }) => !faults.some((one) => one.id === id))
  return { verdicts, faults, questions, unexplained, callers: alone.length }
}

/** `3 faults and 1 question`; empty when nothing is open. */
export function unsettledWords({ faults, questions }: Unsettled): string {
  const parts = [
    ...(faults.length > 0 ? [count(faults.length, 'fault')] : []),
    ...(questions.length > 0 ? [count(questions.length, 'question')] : []),
  ]
  return parts.join(' and ')
}

/**
 * What a report without a diagnosis says first, the same words everywhere: the strongest thing measured to be wrong, where
 * the packet ends, then how much is open. Empty when none of it is there.
 */
export function undetermined(
  report: Pick<Report, 'unknown' | 'steps' | 'signs' | 'ends' | 'foretold'> & Partial<Pick<Report, 'counts'>>,
): string {
  const open = unsettled(report)
  const words = unsettledWords(open)
  const [is, way] = [open.faults.length + open.questions.length === 1 ? 'is' : 'are', report.steps.length > 0]
  const left = words === '' ? '' : `${words}${way ? ' on the way' : ''} ${is} not settled`
  const [sign, ...more] = report.signs ?? []
  const fails = open.unexplained.length > 0 ? 'a connection from the source fails' : undefined
  const also = more.length > 0 ? ` (and ${more.length} more)` : ''
  const wrong = sign ? `${sign.sentence}${also}` : fails
  const where = report.ends && endWords(report.ends)
  const said = wrong !== undefined && where !== undefined ? `${wrong}. ${begun(where)}` : (wrong ?? where)
  const written = writtenWords(report)
  const none = isAnswered(report.steps) ? 'a connection from the source gets an answer now' : 'no cause was found'
  const rest = left === '' ? '' : `; ${left}`
  if (said !== undefined && written !== '') return `${said}. No fault that was measured explains it; ${written}${rest}`
  if (said !== undefined) return `${said}. No known fault explains it${left === '' ? '' : ` so far${rest}`}`
  if (left !== '') return written === '' ? `${none}, and ${left}` : `no cause was measured; ${written}${rest}`
  return report.counts && nothingJudged({ ...report, counts: report.counts }) ? nothingToJudge : ''
}

/** What is written and breaks things wherever it comes to run: nobody has to look for it elsewhere. */
function writtenWords({ foretold = [] }: Pick<Report, 'foretold'>): string {
  const [first, ...others] = foretold.filter(({ severity }) => severity === 'breaks')
  const more = others.length > 0 ? ` and ${others.length} more` : ''
  return first ? `foretold ${foretoldBy(foretold)}: ${first.id}${more}` : ''
}

const nothingToJudge = 'nothing was there to judge: no job, client or service of what was asked about can be seen'

/** A survey that settled nothing: what nobody looked at is not healthy. */
export const nothingJudged = ({ steps, counts }: Pick<Report, 'steps' | 'counts'>): boolean =>
  steps.length === 0 && counts.present + counts.absent === 0

/** What a report without a diagnosis says first where something is present all the same; empty where that is risks at most. */
export function presentWords({ findings, steps }: Pick<Report, 'findings' | 'steps'>): string {
  if (!findings.some(({ severity }) => severity !== 'risks')) return ''
  return isAnswered(steps) ? 'A connection from the source gets an answer now' : 'No single cause was found'
}

const isAnswered = (steps: Report['steps']): boolean =>
  steps.some(({ question, answer, by }) => question === 'attempt' && answer === 'answered' && by === 'measured')

const endWords = ({ of, address, place, why }: PacketEnd): string =>
  `${of === 'packet' ? `the packet to ${address}` : `the answer from ${address}`} ends at ${place}, by the rules and routes that were read: ${why} (path shows the way)`

/** What is not known is left open, or set aside: not on the way, a risk at most, or a matter of who calls. */
export function tally(report: Pick<Report, 'unknown' | 'steps' | 'counts'>): Report['counts'] & Tally {
  const open = unsettled(report).verdicts.length
  return { ...report.counts, open, aside: report.counts.unknown - open }
}
interface Tally {
  readonly open: number
  readonly aside: number
}

/** All verdicts of a report, as a sum that adds up. */
export function tallyWords(report: Pick<Report, 'unknown' | 'steps' | 'counts'>): string {
  const { judged, present, absent, open, aside } = tally(report)
  const { length } = unsettled(report).faults
  const why =
    report.steps.length === 0
      ? 'for a caller or a trial call to tell, or risks at most'
      : 'not on the way, or risks at most'
  return [
    `${count(judged, 'verdict')}: ${present} found`,
    `${absent} ruled out`,
    ...(open > 0 ? [`${open} not settled${length < open ? ` (${count(length, 'fault')})` : ''}`] : []),
    ...(aside > 0 ? [`${aside} set aside (${why})`] : []),
  ].join(', ')
}

const asksCaller = ({ because }: UnknownFinding): boolean => because.some(({ why }: Because) => why === 'not-named')

const once = (all: readonly UnknownFinding[]): readonly UnknownFinding[] =>
  all.filter(({ id }, i) => all.findIndex((one) => one.id === id) === i)

/** A reason, and the faults it keeps open. */
export interface Reason {
  readonly text: string
  /** It only follows from something else that is not known. */
  readonly derived: boolean
  readonly faults: readonly UnknownFinding[]
}

/** The reasons, each fault under one of them, so that they add up: what a source said first, then the one behind most. */
export const reasonsOf = (faults: readonly UnknownFinding[]): readonly Reason[] =>
  [...Map.groupBy(faults, mainReason)]
    .map(([text, under]) => ({ text, derived: under.every(({ because }) => !because.some(isSaid)), faults: under }))
    .toSorted((a, b) => Number(a.derived) - Number(b.derived) || b.faults.length - a.faults.length)

/** The refusal behind it; what only follows from something else says less. */
export function mainReason({ because }: UnknownFinding): string {
  const told = because.find(isSaid) ?? because[0]
  return told === undefined ? 'nobody knows why' : reasonOf(told)
}

/** Why a question has no answer. */
export const unanswered = ({ because: [reason] = [] }: ReportStep): string =>
  reason && isSaid(reason) ? reasonOf(reason) : 'nobody answered, and nothing measured tells'

/** What nobody has asked for yet carries no words; what may not be asked says what it takes. */
const isSaid = ({ why, detail }: Because): boolean =>
  why !== 'not-evaluable' && (why !== 'not-asked' || detail !== undefined)

/** What a source said behind more than half of all that is open, as a sentence for the top: an expired token, say, or no ssh. */
export function mostlyBecause(report: Open): string {
  const { faults, questions } = unsettled(report)
  const open = [...faults, ...questions].map(({ because = [] }) => new Set(because.filter(isSaid).map(reasonOf)))
  const counts = Map.groupBy(
    open.flatMap((said) => [...said]),
    (text) => text,
  )
  const [[text, { length }] = ['', []]] = [...counts].toSorted(([, a], [, b]) => b.length - a.length)
  const said = length * 2 > open.length ? text : ''
  const rights = lacking(report).filter((one) => !said.includes(one))
  const word = `${whyWord('not-asked')}: `
  return [
    ...(said === ''
      ? []
      : [
          `The reason for ${length === open.length ? 'all' : 'most'} of it: ${ended(said.startsWith(word) ? said.slice(word.length) : said)}`,
        ]),
    ...(rights.length > 0 ? [`The token lacks ${listed(rights)}.`] : []),
  ].join(' ')
}

/** What the token may not do, as far as it keeps something open: `node:read`. */
const lacking = ({ unknown }: Open): readonly string[] => [
  ...new Set(
    unknown.flatMap(({ because }) =>
      because.flatMap(({ why, detail = '' }) =>
        why === 'denied'
          ? [...detail.matchAll(/(?<=the token lacks |and )[a-z_]+:[a-z-]+/g)].map(([right]) => right)
          : [],
      ),
    ),
  ),
]
const listed = (all: readonly string[]): string =>
  all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}` : (all[0] ?? '')
