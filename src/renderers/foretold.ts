import { foretoldBy, whyNotMeasured } from '../knowledge/foretold-words.ts'
import type { Foretold } from '../knowledge/report.ts'
import { ended } from '../knowledge/words.ts'
import { fixSteps } from './fix-steps.ts'
import { wrap, type Library, type Style } from './style.ts'

/** What is written where nothing measured whether it is so: marked as that, with its cure. */
export const foretoldBlock = (all: readonly Foretold[], library: Library, style: Style): string[] =>
  all.length === 0
    ? []
    : [
        style.paint('heading', `Foretold ${foretoldBy(all)}`),
        ...all.flatMap((one) => [
          `  ${library.fault(one.id)?.title ?? one.id}   ${one.id} · ${one.severity}`,
          ...wrap(`${one.about}. ${ended(one.sentence)}`, 4, style),
          ...wrap(ended(whyNotMeasured(one)), 4, style),
          ...fixSteps(one.fix, style).map((line) => `  ${line}`),
        ]),
        '',
      ]
