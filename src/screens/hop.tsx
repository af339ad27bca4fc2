import { blank, type Line } from '../components/line.ts'
import { inset } from '../components/text.ts'
import type { Evidence } from '../knowledge/report.ts'
import type { WaySection } from '../way/sections.ts'
import type { WayStep } from '../way/steps.ts'
import { hopLines } from './path-hop.ts'
import { evidenceOf, shownOf, type Shown } from './path-shown.ts'
import { numberKeys } from './reply.tsx'
import type { At, Screen } from './screen.ts'
import { TextView } from './text-view.tsx'

interface Opened {
  readonly shown: Shown
  readonly section: WaySection
  readonly step: WayStep
}

/** What it was opened for: number of the way, and the step on it. */
function opened({ state, frame }: At): Opened | undefined {
  const [number = '', id] = frame.arg.split(' ')
  const shown = shownOf(state)[Number(number)]
  for (const section of shown ? [...shown.way.there, ...(shown.way.back ?? [])] : []) {
    const step = section.steps.find((one) => one.id === id)
    if (shown && step) return { shown, section, step }
  }
  return undefined
}

const evidence = (at: At): readonly Evidence[] => {
  const one = opened(at)
  return one ? evidenceOf(one.step, one.shown) : []
}

function lines(at: At): readonly Line[] {
  const one = opened(at)
  if (!one) return [blank, ...inset([[{ text: 'The packet does not come here any more.' }]])]
  return [blank, ...inset(hopLines(one.step, one.section, one.shown, at.columns - 4))]
}

export const hop: Screen = {
  id: 'hop',
  title: 'Hop',
  about: 'One step of the way in full: the rule as written, the packet before and after, the reply it was read in.',
  keys: [numberKeys(evidence)],
  lines,
  View: ({ at }) => <TextView at={at} lines={lines(at)} />,
}
