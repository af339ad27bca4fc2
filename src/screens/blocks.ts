import { command } from '../ask/words.ts'
import { requestLine } from '../ask/request-line.ts'
import { blank, cut, gap, line, paragraph, span, wrap, type Line } from '../components/line.ts'
import { commandLines, diffLines, section, sectionWidth } from '../components/text.ts'
import { againWords, followsWords, printed } from '../knowledge/evidence.ts'
import type { Verdict } from '../knowledge/verdict.ts'
import type { Step } from '../knowledge/walked.ts'
import type { Fault, FixStep, Planned } from '../knowledge/fault.ts'
import { faultById } from '../knowledge/faults/index.ts'
import { fixOf } from '../knowledge/fix.ts'
import { plannedLine } from '../knowledge/planned.ts'
import { trialLine } from '../knowledge/trial.ts'
import type { Because, Evidence, Trial } from '../knowledge/report.ts'
import type { State } from '../run/state.ts'
import type { Look } from '../theme.ts'
import { moodMark, moodOfVerdict, moodToken, verdictWord } from './steps.ts'
import { ended, factWords, whyWord } from '../knowledge/words.ts'

/** Pieces that several screens show. All are lines, so that they can be scrolled, shown beside a list, or copied. */

const clock = (at: string): string => /T(\d\d:\d\d:\d\d)/.exec(at)?.[1] ?? at

/** Ids are known by their beginning; the reply has them in full. */
const short = (request: string): string =>
  requestLine(request.replaceAll(/\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '$1…'))

/** Each piece of evidence with its number: the key that opens the raw reply. */
export function evidenceLines(evidence: readonly Evidence[], columns: number, most = 8): Line[] {
  return evidence.flatMap(({ request, excerpt, at, others }, i) => {
    const all = excerpt.split('\n')
    const said = all.length > most + 1 ? all.slice(0, most) : all
    const hidden = all.length - said.length
    const more = hidden > 0 ? [line(`… ${hidden} more lines: ${i + 1} opens the reply`, 'faint')] : []
    const again = againWords(evidence, i)
    const asked: Line = again === '' ? [span(short(request)), span(`  ${clock(at)}`, 'faint')] : [span(again, 'faint')]
    const follows = followsWords(others)
    return [
      ...wrap([span(`[${i + 1}] `, 'accent'), ...asked], columns, 4),
      ...(follows === '' ? [] : [[gap(4), span(follows, 'faint')]]),
      ...said.map((one): Line => [gap(4), ...cut(line(one.replaceAll('\t', '  ')), columns - 4)]),
      ...more.map((one): Line => [gap(4), ...one]),
    ]
  })
}

export function fixLines(fix: readonly (FixStep & { readonly trial?: Trial })[], columns: number): Line[] {
  return fix.flatMap(({ do: what, on, run, diff, risk, proven, note, trial, ...answer }, i) => [
    ...wrap(
      [span(fix.length > 1 ? `${i + 1}. ` : ''), span(ended(what)), span(`  ${on}`, 'faint')],
      columns,
      fix.length > 1 ? 3 : 0,
    ),
    ...(diff === undefined ? [] : diffLines(diff, columns)),
    ...(proven && !trial ? paragraph(provenWords, columns, 0, 'good') : []),
    ...planLines(answer, columns),
    ...(note === undefined ? [] : paragraph(ended(note), columns, 0, 'faint')),
    ...(run === undefined ? [] : commandLines(run, columns)),
    ...(trial === undefined ? [] : paragraph(ended(trialLine(trial)), columns, 0, 'faint')),
    ...(risk === '' || risk === 'none' ? [] : paragraph(`Risk: ${ended(risk)}`, columns, 0, 'warn')),
  ])
}

function planLines(answer: Planned, columns: number): Line[] {
  const said = plannedLine(answer)
  return said === undefined ? [] : paragraph(ended(said), columns, 0, 'faint')
}
const provenWords = 'Proven: laid over the same facts, the edited file no longer has this fault.'

/** The fix as text to paste: commands and diffs with what each is for. */
export const fixText = (fix: readonly FixStep[]): string =>
  fix
    .map(({ do: what, on, run, diff }) => [`# ${what} (${on})`, diff, run && command(run)].filter(Boolean).join('\n'))
    .join('\n')

const becauseLines = (because: readonly Because[], columns: number): Line[] =>
  because.flatMap(({ fact, why, detail }) =>
    wrap(
      [
        span(factWords(fact)),
        span(`  ${whyWord(why)}`, 'unknown'),
        span(detail === undefined ? '' : `  ${detail}`, 'faint'),
      ],
      columns,
      2,
    ),
  )

const whyLines = (fault: Fault | undefined, columns: number): Line[] =>
  section('Why it breaks', fault ? paragraph(fault.because, sectionWidth(columns)) : [], columns)
const byHand = (fault: Fault | undefined, columns: number): Line[] =>
  section('By hand', fault ? paragraph(fault.byHand, sectionWidth(columns)) : [], columns)

/** How it is mended; where no step can be made, how a person can check. */
export const mendLines = (fault: Fault | undefined, fix: readonly FixStep[], columns: number): Line[] =>
  fix.length > 0 ? section('Fix', fixLines(fix, sectionWidth(columns)), columns) : byHand(fault, columns)

/** What a person said, where what was measured says otherwise. */
const differsLines = (said: string, columns: number): Line[] => [
  ...paragraph(`You said: ${said}. What was measured wins.`, columns, 0, 'warn'),
  blank,
]

/** One verdict in full: what, where, why we think so. */
export function verdictLines(verdict: Verdict, state: State, { marks }: Look, columns: number): Line[] {
  const fault = faultById.get(verdict.fault)
  const mood = moodOfVerdict(verdict, state)
  const inner = sectionWidth(columns)
  const head = wrap(
    [span(`${moodMark(mood, marks)} `, moodToken[mood]), span(fault?.title ?? verdict.fault, 'heading')],
    columns,
    2,
  )
  const about: Line = [
    span(verdictWord(verdict, mood), moodToken[mood]),
    span(` · ${verdict.about} · ${verdict.fault}`, 'faint'),
  ]
  const top = [...head, ...wrap(about, columns), blank]
  if (verdict.verdict === 'unknown')
    return [
      ...top,
      ...section('Not known', becauseLines(verdict.because, inner), columns),
      ...byHand(fault, columns),
      ...whyLines(fault, columns),
    ]
  const check = verdict.by === 'told' ? undefined : state.told.checks[verdict.fault]
  const differs = check !== undefined && check !== verdict.verdict
  const said = verdict.verdict === 'present' ? verdict.says : `Ruled out: ${verdict.reason}.`
  return [
    ...top,
    ...paragraph(ended(said), columns),
    blank,
    ...(differs ? differsLines(check === 'present' ? 'it is there' : 'it is not there', columns) : []),
    ...section('We saw', evidenceLines(verdict.evidence.map(printed), inner, columns < 60 ? 2 : 8), columns),
    ...whyLines(fault, columns),
    ...(verdict.verdict === 'present' ? mendLines(fault, fault ? fixOf(fault, verdict) : [], columns) : []),
  ]
}

/** One step of the walk in full. */
export function stepLines(step: Step, state: State, look: Look, columns: number): Line[] {
  if (step.kind === 'rung') {
    if (step.judged) return verdictLines(step.judged, state, look, columns)
    return [
      ...wrap([span(faultById.get(step.fault)?.title ?? step.fault, 'heading')], columns),
      blank,
      ...paragraph('There is nothing here that this fault could be about.', columns, 0, 'faint'),
    ]
  }
  const { question, answer, by, evidence } = step
  const inner = sectionWidth(columns)
  const answers = Object.entries(question.answers).flatMap(([key, { label }]) => {
    const chosen = key === answer
    return wrap(
      [span(chosen ? `${look.marks.now} ` : '  ', 'accent'), span(label, chosen ? 'heading' : 'faint')],
      inner,
      2,
    )
  })
  const { differs: said } = step
  const differs = said === undefined ? [] : differsLines(question.answers[said]?.label ?? said, columns)
  return [
    ...wrap([span(question.ask, 'heading')], columns),
    ...paragraph(question.why, columns, 0, 'faint'),
    blank,
    ...section('Answer', [...answers, [span(by, by === 'assumed' ? 'unknown' : 'faint')]], columns),
    ...section('Not known', step.because ? becauseLines([step.because], inner) : [], columns),
    ...differs,
    ...section('We saw', evidenceLines(evidence.map(printed), inner), columns),
  ]
}
