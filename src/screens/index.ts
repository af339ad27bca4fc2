import { answer } from './answer.tsx'
import { caseScreen } from './case.tsx'
import { cases } from './cases.tsx'
import { consent } from './consent.tsx'
import { diagnosis } from './diagnosis.tsx'
import { evidence } from './evidence.tsx'
import { fault } from './fault.tsx'
import { faults } from './faults.tsx'
import { gallery } from './gallery.tsx'
import { helpOf } from './help.tsx'
import { home } from './home.tsx'
import { hop } from './hop.tsx'
import { path } from './path.tsx'
import { reply } from './reply.tsx'
import type { Screen } from './screen.ts'
import { step } from './step.tsx'
import { survey } from './survey.tsx'
import { walk } from './walk.tsx'
import { whatIf } from './what-if.tsx'

/** Every screen, in the order in which a person meets them. */
export const screens: readonly Screen[] = [
  home,
  caseScreen,
  walk,
  step,
  answer,
  consent,
  diagnosis,
  path,
  hop,
  whatIf,
  survey,
  evidence,
  reply,
  faults,
  fault,
  cases,
]

const byId = new Map([...screens, helpOf(screens), gallery].map((screen) => [screen.id, screen]))
export const screenById = (id: string): Screen => byId.get(id) ?? home
