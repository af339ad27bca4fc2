/** The last question: what a connection from the source meets, when no fault on the way explains it. */
import { askFact, type Question } from './question.ts'

export const attempt: Question<never> = askFact<
  never,
  'answered' | 'sometimes' | 'fails' | 'untold' | 'not-tried',
  'path.reached'
>({
  id: 'attempt',
  ask: 'Does a connection from the source get an answer now?',
  why: 'When it fails and nothing above explains it, the cause is one this program does not know or could not see.',
  reads: 'path.reached',
  answer: (reached) => reached,
  unsure: 'not-tried',
  answers: {
    answered: { label: 'yes', then: [] },
    sometimes: { label: 'sometimes: of two attempts one got none', then: [], unexplained: true },
    fails: { label: 'no, and nothing above explains it', then: [], unexplained: true },
    untold: { label: 'UDP tells nobody that it arrived; nothing stands in its way', then: [] },
    'not-tried': { label: 'not tried', then: [] },
  },
})
