import { describe, expect, test } from 'vitest'
import { questions } from '../src/knowledge/tree/index.ts'
import { diagnosed, isKnown, recordings, type Diagnosed, type Recording } from './recordings.ts'

/** What is wrong with a diagnosis, judged by the truth of its recording; empty when nothing is. */
function objections({ truth }: Recording, { report, code }: Diagnosed): string[] {
  const { diagnosis, findings } = report
  const said = `exit ${code}, diagnosis ${diagnosis?.fault ?? 'none'}`
  const grave = findings.filter(({ id, severity }) => severity === 'breaks' && !truth.also.includes(id))
  const named = (id: string) => truth.faults.includes(id)
  const alien = [
    ...new Set(grave.filter(({ id, explainedBy }) => !named(id) && !named(explainedBy ?? '')).map(({ id }) => id)),
  ]
  const alarms = alien.map((id) => `${id} is said to break something`)
  if (truth.state === 'broken') {
    const right = diagnosis?.fault === truth.faults[0] && code === 1
    return right ? alarms : [`${said}, not ${truth.faults[0]}`, ...alarms]
  }
  const harmless = diagnosis !== null && truth.also.includes(diagnosis.fault) && code === 1
  const undetermined = diagnosis === null && (truth.state === 'denied' ? code === 3 : code !== 1)
  return harmless || undetermined ? alarms : [said, ...alarms]
}

const answered = new Set<string>()
const judged = recordings.filter(isKnown)
const waiting = recordings.filter((recording) => !isKnown(recording))

test(`recordings of faults the program does not know yet: ${waiting.length} of ${recordings.length}`, () => {
  if (waiting.length > 0) console.log(`not judged: ${waiting.map(({ id }) => id).join(', ')}`)
  expect(recordings.length).toBeGreaterThan(200)
})

describe.each(['broken', 'repaired', 'healthy', 'denied'] as const)('%s', (state) => {
  test.each(judged.filter(({ truth }) => truth.state === state))('$id', async (recording) => {
    const seen = await diagnosed(recording)
    answersOf(seen).forEach((answer) => answered.add(answer))
    expect(objections(recording, seen)).toEqual([])
    expect(bugs(seen)).toEqual([])
  })
})

/** Answers no recording gives to its own question; a new recording may only take away from this list. */
const neverGiven: readonly string[] = [
  'symptom: unknown',
  // No recorded question about a start names nobody; test/run/runs-now.test.ts asks so.
  'runs-now: yes',
  'network-mode: none',
  'place: same-task',
  'discovery: transparent-proxy',
  'attempt: sometimes',
  'attempt: untold',
  'attempt: not-tried',
]

test('some recording answers each question each declared way', ({ skip }) => {
  if (waiting.length > 0 || answered.size === 0) skip('not all recordings were diagnosed')
  const declared = questions.flatMap(({ id, answers }) => Object.keys(answers).map((answer) => `${id}: ${answer}`))
  expect(declared.filter((answer) => !answered.has(answer))).toEqual(neverGiven)
})

/** How the questions of one walk were answered by measurement, or by the case itself. */
function answersOf({ walked }: Diagnosed): string[] {
  return walked.steps.flatMap((step) =>
    step.kind === 'question' && step.by !== 'assumed' ? [`${step.question.id}: ${step.answer}`] : [],
  )
}

/** Crashes of ours and replies we could not read: none of the recordings may show one. */
function bugs({ facts, verdicts }: Diagnosed): string[] {
  const held = [...facts].flatMap(([thing, own]) =>
    [...own].flatMap(([fact, one]) => (one.known ? [] : [`${fact} of ${thing}: ${one.detail ?? one.why}`])),
  )
  const judged = verdicts.flatMap((verdict) =>
    verdict.verdict === 'unknown' ? verdict.because.map(({ detail }) => `${verdict.fault}: ${detail ?? ''}`) : [],
  )
  return [...new Set([...held, ...judged])].filter((line) => /our bug|unexpected shape/.test(line))
}
