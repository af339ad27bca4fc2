import { describe, expect, test } from 'vitest'
import { diagnosed, isKnown, recordings, type Diagnosed, type Recording } from './recordings.ts'

/** What is wrong with a diagnosis, judged by the truth of its recording; empty when nothing is. */
function objections({ truth }: Recording, { report, code }: Diagnosed): string[] {
  const { diagnosis, findings } = report
  const said = `exit ${code}, diagnosis ${diagnosis?.fault ?? 'none'}`
  const grave = findings.filter(({ id, severity }) => severity === 'breaks' && !truth.also.includes(id))
  const alien = [...new Set(grave.map(({ id }) => id))].filter((id) => !truth.faults.includes(id))
  const alarms = alien.map((id) => `${id} is said to break something`)
  if (truth.state === 'broken') {
    const right = diagnosis?.fault === truth.faults[0] && code === 1
    return right ? alarms : [`${said}, not ${truth.faults[0]}`, ...alarms]
  }
  const harmless = diagnosis !== null && truth.also.includes(diagnosis.fault) && code === 1
  const undetermined = diagnosis === null && (truth.state === 'denied' ? code === 3 : code !== 1)
  return harmless || undetermined ? alarms : [said, ...alarms]
}

const judged = recordings.filter(isKnown)
const waiting = recordings.filter((recording) => !isKnown(recording))

test(`recordings of faults the program does not know yet: ${waiting.length} of ${recordings.length}`, () => {
  if (waiting.length > 0) console.log(`not judged: ${waiting.map(({ id }) => id).join(', ')}`)
  expect(recordings.length).toBeGreaterThan(200)
})

describe.each(['broken', 'repaired', 'healthy', 'denied'] as const)('%s', (state) => {
  test.each(judged.filter(({ truth }) => truth.state === state))('$id', async (recording) => {
    const seen = await diagnosed(recording)
    expect(objections(recording, seen)).toEqual([])
    expect(bugs(seen)).toEqual([])
  })
})

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
