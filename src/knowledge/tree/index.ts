/** The decision tree: its root, and what can be computed from it. */
import type { FaultId } from '../faults/index.ts'
import { hostOrBridge } from './modes.ts'
import { runsNow } from './runs.ts'
import { namesLadder } from './discovery.ts'
import { outsideLadder, sometimesLadder } from './symptoms.ts'
import { symptoms } from '../subject.ts'
import { placementLadder } from './placement.ts'
import { startsLadder } from './starts.ts'
import { askPerson, type Ladder, type Question } from './question.ts'

export const root: Question<FaultId> = askPerson<
  FaultId,
  'not-placed' | 'cannot-connect' | 'name-fails' | 'sometimes' | 'outside' | 'unknown'
>({
  id: 'symptom',
  ask: 'What do you see?',
  why: 'It tells how far things got, and so where to look first.',
  unsure: 'unknown',
  answers: {
    'not-placed': {
      label: 'It is not placed, or never starts',
      then: [...placementLadder, ...startsLadder, runsNow],
    },
    'cannot-connect': {
      label: symptoms['cannot-connect'],
      then: [...placementLadder, ...startsLadder, hostOrBridge],
    },
    'name-fails': {
      label: symptoms['name-fails'],
      then: [...placementLadder, ...startsLadder, ...namesLadder, hostOrBridge],
    },
    sometimes: {
      label: symptoms.sometimes,
      then: [...placementLadder, ...startsLadder, ...sometimesLadder, hostOrBridge],
    },
    outside: {
      label: symptoms.outside,
      then: [...placementLadder, ...startsLadder, ...outsideLadder, hostOrBridge],
    },
    unknown: {
      label: symptoms.unknown,
      everything: true,
      then: [...placementLadder, ...startsLadder, ...sometimesLadder, ...outsideLadder, hostOrBridge],
    },
  },
})

/** Every question of the tree, once, in reading order. */
export const questions: readonly Question[] = collect(root)

function collect(question: Question, found = new Map<string, Question>()): readonly Question[] {
  if (!found.has(question.id)) {
    found.set(question.id, question)
    for (const { then } of Object.values(question.answers))
      for (const rung of then) if (typeof rung !== 'string') collect(rung, found)
  }
  return [...found.values()]
}

/** Fault ids in reading order of the whole tree. */
export const faultOrder: readonly string[] = [
  ...new Set(
    questions.flatMap(({ answers }) =>
      Object.values(answers).flatMap(({ then }) =>
        (then as Ladder).flatMap((rung) => (typeof rung === 'string' ? [rung] : [])),
      ),
    ),
  ),
]
