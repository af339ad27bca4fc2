import { blank, line, lineText, paragraph, span, wrap, type Line } from '../components/line.ts'
import { inset, section, sectionWidth } from '../components/text.ts'
import type { Fault } from '../knowledge/fault.ts'
import { faultById } from '../knowledge/faults/index.ts'
import { shownOf } from '../knowledge/shown.ts'
import { placesOf, placeWords } from '../knowledge/tree/places.ts'
import { versionsText } from '../knowledge/version.ts'
import { fixLines } from './blocks.ts'
import type { At, Screen } from './screen.ts'
import { titleOf } from './steps.ts'
import { TextView } from './text-view.tsx'

const kindNames: Readonly<Record<string, string>> = { alloc: 'an allocation' }
const aboutWhat = (kind: string): string => kindNames[kind] ?? `a ${kind}`

/** A fault as the library tells it, without a case at hand. */
export function faultLines(fault: Fault, columns: number): Line[] {
  const inner = sectionWidth(columns)
  const heard = fault.heard.flatMap((one) => paragraph(one, inner))
  const explains = fault.explains.flatMap((id) => wrap([span(titleOf(id))], inner, 2))
  const places = placesOf(fault.id).flatMap((place) => wrap([span(placeWords(place))], inner, 2))
  const shown = shownOf(fault)
  return [
    ...wrap([span(fault.title, 'heading')], columns),
    ...wrap(
      [span(`${fault.id} · about ${aboutWhat(fault.about)} · ${fault.layer} · ${fault.severity}`, 'faint')],
      columns,
    ),
    blank,
    ...section('Why it breaks', paragraph(fault.because, inner), columns),
    ...section('All is well', fault.intended === undefined ? [] : paragraph(fault.intended, inner), columns),
    ...section('You may see', heard, columns),
    ...section('By hand', paragraph(fault.byHand, inner), columns),
    ...section(
      'Fix',
      shown ? [...wrap([span(`For example: ${shown.example}.`, 'faint')], inner), ...fixLines(shown.fix, inner)] : [],
      columns,
    ),
    ...section('Explains', explains, columns),
    ...section('Guidance', places, columns),
    ...section(
      'Also known as',
      fault.aliases === undefined ? [] : wrap([span(fault.aliases.join(', '))], inner),
      columns,
    ),
    ...section(
      'Versions',
      wrap([span(fault.versions === undefined ? 'any Nomad' : versionsText(fault.versions))], inner),
      columns,
    ),
    ...section(
      'Read on',
      fault.references.flatMap((one) => wrap([span(one, 'accent')], inner)),
      columns,
    ),
  ]
}

const faultOf = ({ frame }: At): Fault | undefined => faultById.get(frame.arg)
function lines(at: At): readonly Line[] {
  const fault = faultOf(at)
  const width = Math.min(at.columns - 4, 100)
  return [blank, ...inset(fault ? faultLines(fault, width) : [line(`There is no fault ${at.frame.arg}.`, 'faint')])]
}

export const fault: Screen = {
  id: 'fault',
  title: 'Fault',
  about: 'One fault of the library: the mechanism, what it prints, how to tell by hand.',
  keys: [
    {
      press: ['y'],
      does: 'copy',
      run: (at) =>
        at.act.copy(
          lines({ ...at, columns: 104 })
            .map(lineText)
            .join('\n'),
          `fault ${at.frame.arg}`,
        ),
    },
  ],
  lines,
  View: ({ at }) => <TextView at={at} lines={lines(at)} />,
}
