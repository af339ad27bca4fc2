/** Texts of Nomad's commands that only announce why a group is not placed: the reasons stand in the lines below them. */
import { clean } from '../ask/clean.ts'
import type { Fault } from '../knowledge/fault.ts'
import { faultById } from '../knowledge/faults/index.ts'
import { placementLadder } from '../knowledge/tree/placement.ts'

const announces =
  /\bfailed to place (?:all|\d+) allocations?\W*$|^\W*placement failures?\W*$|\bwaiting for additional capacity to place remainder\W*$/i

/** What stands around them when a job is run, and names of groups. */
const around =
  /^\W*(?:\d[\dT:.+-]*Z?\W+)?(?:monitoring evaluation|evaluation (?:triggered|within|status)|deployment) .*$|^\W*task group "[^"]*"\W*$/i

/** It says that no client fits, and nothing of the reasons. */
export function onlyAnnounces(text: string): boolean {
  const lines = clean(text)
    .split('\n')
    .filter((line) => /\w/.test(line))
  return lines.some((line) => announces.test(line)) && lines.every((line) => announces.test(line) || around.test(line))
}

export const announcedWords =
  'This says only that no client fits; the lines below it say why ("* Constraint …", "* Dimension …"): paste those, or see them again with nomad job status JOB. The faults listed here keep a group from being placed.'

/** The faults of a group that is not placed, in the order of the guidance. */
export const keepFromPlacing = (): readonly Fault[] =>
  placementLadder.flatMap((id) => {
    const fault = faultById.get(id)
    return fault?.onlyWhen?.['group.placement']?.includes('not-placed') ? fault : []
  })
