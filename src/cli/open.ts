import { discreet } from '../ask/discreet.ts'
import type { Ask } from '../ask/request.ts'
import type { Progress } from '../run/look.ts'
import type { Told } from '../knowledge/told.ts'
import type { Subject } from '../knowledge/subject.ts'
import { questions } from '../knowledge/tree/index.ts'
import { subjectOf } from '../run/subject.ts'
import { cached, type Cache } from '../sources/cache.ts'
import { CaseError, openCase } from '../sources/case.ts'
import { OptionError } from '../sources/option-error.ts'
import { textOf, UsageError, type Values } from './flags.ts'
import { shippedLike } from './shipped.ts'
import { waiting } from './waiting.ts'

/** A source that was chosen by flags and environment. */
export interface Opened {
  readonly kind: 'case' | 'live'
  /** The folder of the case, or the address. */
  readonly where: string
  readonly ask: Ask
  readonly cache: Cache
  readonly title?: string
  /** What the case asks by itself. */
  readonly subject?: Subject
  readonly told: Told
  /** The namespace of names without one. */
  readonly namespace: string
  /** Tells a person who waits what is being looked at. */
  readonly progress: Progress
  /** Ends all connections. */
  readonly close: () => Promise<void>
}

/** Something between the program and its source, such as a recorder. */
export type Through = (source: Ask) => Ask

/** Chooses the source: a recorded case, or the cluster that flags and environment name. */
export async function open(values: Values, through: Through = (source) => source): Promise<Opened | UsageError> {
  const { progress, end } = waiting(values)
  const source = await choose(values, through)
  if (source instanceof UsageError) return (end(), source)
  const close = () => (end(), source.close())
  return { ...source, progress, close }
}

/** The same before anybody waits. */
export type Source = Omit<Opened, 'progress'>

async function choose(values: Values, through: Through): Promise<Source | UsageError> {
  const answers = answersOf(values)
  if (answers instanceof UsageError) return answers
  const dir = textOf(values, 'case')
  if (dir === undefined) return (await import('./live.ts')).openLive(values, answers, through)
  const opened = await openCase(dir)
  if (opened instanceof CaseError) return new UsageError(opened.message, await shippedLike(dir))
  const file = textOf(values, 'job-file')
  const ask =
    file === undefined ? opened.ask : await (await import('../sources/job-file.ts')).withJobFile(opened.ask, file, true)
  if (ask instanceof OptionError) return new UsageError(ask.message)
  const cache = cached(discreet(through(ask)))
  return {
    kind: 'case',
    where: opened.info.id,
    ask: cache.ask,
    cache,
    title: opened.info.title,
    subject: subjectOf(opened.info),
    told: { answers: { ...opened.info.told, ...answers }, checks: {} },
    namespace: textOf(values, 'namespace') ?? 'default',
    close: async () => {},
  }
}

function answersOf(values: Values): Readonly<Record<string, string>> | UsageError {
  const given = values['answer']
  const pairs = (Array.isArray(given) ? (given as readonly string[]) : []).map(
    (pair) => [pair, pair.split('=')] as const,
  )
  const wrong = pairs.find(([, parts]) => parts.length !== 2 || parts.includes(''))
  if (wrong) return new UsageError(`--answer ${wrong[0]}: expected QUESTION=ANSWER`)
  for (const [pair, [id = '', answer = '']] of pairs) {
    const question = questions.find((one) => one.id === id)
    const names = question ? Object.keys(question.answers) : questions.map((one) => one.id)
    if (!question) return new UsageError(`--answer ${pair}: there is no question "${id}"`, names)
    if (!names.includes(answer)) return new UsageError(`--answer ${pair}: "${answer}" is no answer to "${id}"`, names)
  }
  return Object.fromEntries(pairs.map(([, [question = '', answer = '']]) => [question, answer]))
}
