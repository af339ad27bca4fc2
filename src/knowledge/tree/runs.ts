/** The question that ends the walk of whoever asks why it does not start, once all of it runs. */
import type { FaultId } from '../faults/index.ts'
import { hostOrBridge } from './modes.ts'
import { askFact, type Question } from './question.ts'

export const runsNow: Question<FaultId> = askFact<FaultId, 'yes' | 'no' | 'called', 'path.runs'>({
  id: 'runs-now',
  ask: 'Is all of it placed, and does it run?',
  why: 'What runs has started: whether others reach it is another question, and depends on who calls.',
  reads: 'path.runs',
  answer: (runs) => runs,
  unsure: 'no',
  answers: {
    yes: { label: 'yes', then: [] },
    no: { label: 'no, or not all of it', then: [hostOrBridge] },
    called: { label: 'yes; a caller is named, so the way from it comes next', then: [hostOrBridge] },
  },
})
