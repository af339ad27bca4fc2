import { blank, span, wrap, type Line } from '../components/line.ts'
import { section, sectionWidth } from '../components/text.ts'
import type { WaySection } from '../way/sections.ts'
import type { WayStep } from '../way/steps.ts'
import type { Hop } from '../way/walked.ts'
import { atText, changeText, doesTitle, tupleText } from '../way/words.ts'
import { evidenceLines } from './blocks.ts'
import { stepToken } from './path-rows.ts'
import { evidenceOf, type Shown } from './path-shown.ts'

/** One step in full: the rule as written, the packet before and after, all hops folded in it, the replies. */
export function hopLines(step: WayStep, place: WaySection, shown: Shown, columns: number): Line[] {
  const inner = sectionWidth(columns)
  const { title, says, rule, text, hops } = step
  const first = hops[0]
  const last = hops.at(-1)
  const packet =
    first && last
      ? [
          ...wrap([span(tupleText(first.before))], inner, 2),
          ...(tupleText(first.before) === tupleText(last.after)
            ? []
            : wrap([span('becomes ', 'faint'), span(tupleText(last.after), 'warn')], inner, 2)),
        ]
      : []
  return [
    ...wrap([span(title, stepToken(step), true), span(`  ${place.title}`, 'faint')], columns, 2),
    ...wrap([span(says)], columns),
    blank,
    ...section('Rule', rule === '' && text === '' ? [] : ruleLines(rule, text, inner), columns),
    ...section('Packet', packet, columns),
    ...section('Hops', hops.length > 1 ? hops.flatMap((hop) => oneHop(hop, inner)) : [], columns),
    ...section('Read in', evidenceLines(evidenceOf(step, shown), inner, 2), columns),
  ]
}

const ruleLines = (rule: string, text: string, columns: number): Line[] => [
  ...(rule === '' ? [] : wrap([span(rule)], columns)),
  ...(text === '' ? [] : wrap([span(text, 'accent')], columns, 4)),
]

function oneHop(hop: Hop, columns: number): Line[] {
  const { iif, oif, text = '', mark, before, after } = hop
  const devices = [iif ? `in ${iif}` : '', oif ? `out ${oif}` : ''].filter((one) => one !== '').join(', ')
  const changes = changeText(before, after)
  return [
    ...wrap(
      [
        span(`${doesTitle(hop.does)}  `),
        span(atText(hop), 'faint'),
        span(devices === '' ? '' : `  ${devices}`, 'faint'),
      ],
      columns,
      2,
    ),
    ...(text === '' ? [] : wrap([span(`  ${text}`, 'faint')], columns, 4)),
    ...(changes === '' ? [] : wrap([span(`  ${changes}`, 'warn')], columns, 4)),
    ...(mark === undefined || mark === 0 ? [] : [[span(`  mark 0x${mark.toString(16)}`, 'faint')]]),
  ]
}
