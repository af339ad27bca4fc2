import type { World } from '../knowledge/fact.ts'
import type { Because } from '../knowledge/report.ts'
import type { Thing } from '../knowledge/things.ts'
import type { Ladder, Question } from '../knowledge/tree/question.ts'
import { byOf, type Verdict } from '../knowledge/verdict.ts'
import type { Step, Walked } from '../knowledge/walked.ts'
import { becauseOf, resolve } from '../knowledge/resolve.ts'
import type { Told } from '../knowledge/told.ts'
import { worst } from './survey.ts'

/**
 * From the root, over facts and told answers; no position is kept, so late evidence re-routes by itself.
 * A known fact answers a question (measured), else the person (told), else `unsure` (assumed). At a rung: present stops,
 * unless it is only a risk, beside the question, or told while a measured one breaks; absent and unknown go on. So does
 * what only degrades, where the way leads on to a fault that breaks: the way ends at what is diagnosed.
 */
export function walk(
  root: Question,
  verdicts: readonly Verdict[],
  path: Thing | undefined,
  world: World,
  told: Told,
): Walked {
  const breaking = verdicts.filter((one) => one.verdict === 'present' && one.severity === 'breaks' && !one.beside)
  const measured = breaking.some(({ by }) => by !== 'told')
  const counts = (one: Verdict | undefined): boolean =>
    one?.verdict === 'present' && one.severity !== 'risks' && !one.beside && !(one.by === 'told' && measured)
  const byFault = Map.groupBy(verdicts, ({ fault }) => fault)
  const until = (ends: (judged: Verdict | undefined) => boolean): Walked => {
    const steps: Step[] = []
    const passed = new Set<string>()
    let rungs: Ladder = [root]
    for (let depth = 0; ; depth++) {
      for (const rung of rungs) {
        if (typeof rung !== 'string' || passed.has(rung)) continue
        passed.add(rung)
        const judged = worst(byFault.get(rung) ?? [])
        const verdict = judged?.verdict ?? 'absent'
        steps.push({ kind: 'rung', fault: rung, verdict, by: byOf(judged), depth, judged })
        if (ends(judged)) return ended(steps, rung)
      }
      const next = rungs.at(-1)
      if (typeof next !== 'object') return ended(steps, 'unexplained')
      const step = questionStep(next, path, world, told, depth)
      steps.push(step)
      rungs = next.answers[step.answer]?.then ?? []
    }
  }
  const first = until(counts)
  if (breaking.length === 0 || breaking.some(({ fault }) => fault === first.end)) return first
  const on = until((one) => counts(one) && one?.verdict === 'present' && one.severity === 'breaks')
  return on.end === 'unexplained' ? first : on
}

function questionStep(
  question: Question,
  path: Thing | undefined,
  world: World,
  told: Told,
  depth: number,
): Step & { kind: 'question' } {
  const said = Object.hasOwn(told.answers, question.id) ? told.answers[question.id] : undefined
  const valid = said !== undefined && Object.hasOwn(question.answers, said) ? said : undefined
  const base = { kind: 'question', question, depth } as const
  let because: Because | undefined
  if (question.reads !== undefined && question.answer && path) {
    const found = resolve(world, path, question.reads)
    if (found.state === 'known') {
      const answer = question.answer(found.value as never)
      const differs = valid !== undefined && valid !== answer ? { differs: valid } : {}
      if (Object.hasOwn(question.answers, answer))
        return { ...base, answer, by: 'measured', evidence: found.seen, ...differs }
    } else if (found.state === 'unknown') because = becauseOf(found)
  }
  return valid === undefined
    ? { ...base, answer: question.unsure, by: 'assumed', evidence: [], ...(because ? { because } : {}) }
    : { ...base, answer: valid, by: 'told', evidence: [] }
}

const ended = (steps: readonly Step[], end: string): Walked => ({
  steps,
  end,
  open: steps.filter((step) =>
    step.kind === 'question' ? isOpen(step) : step.verdict === 'unknown' && !step.judged?.risk && !step.judged?.beside,
  ),
})

const isOpen = ({ by, question, answer }: Step & { kind: 'question' }): boolean => {
  const given = question.answers[answer]
  return given?.unexplained === true || (by === 'assumed' && given?.everything !== true)
}
