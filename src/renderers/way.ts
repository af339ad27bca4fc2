import { cleanLine } from '../ask/clean.ts'
import type { WaySection } from '../way/sections.ts'
import type { WayStep } from '../way/steps.ts'
import { toldWalk, wayText, type ToldWalk, type ToldWay } from '../way/told.ts'
import type { PathWalk } from '../way/walked.ts'
import { attemptText, attemptsFrom } from '../way/measured.ts'
import type { Attempt } from '../knowledge/shapes/runtime.ts'
import { wrap, type Style } from './text.ts'

const marks = {
  plain: [' ', ' ', 'faint'],
  good: ['✓', '+', 'good'],
  bad: ['✗', 'x', 'bad'],
  unknown: ['?', '?', 'unknown'],
} as const
const titleWidth = 12

/** The walks of a path as text: what the screen shows, folded alike. */
export function waysText(walks: readonly PathWalk[], attempts: readonly Attempt[], style: Style): string {
  return walks.flatMap((walk) => [...walkLines(walk, attempts, style), '']).join('\n')
}

function walkLines(walk: PathWalk, attempts: readonly Attempt[], style: Style): string[] {
  const told = toldWalk(walk)
  const arrow = style.unicode ? '→' : '->'
  const head = `${told.from} ${arrow} ${walk.wanted.proto} ${told.target}`
  const several = told.ways.length > 1
  return [
    style.paint('heading', cleanLine(head)) + style.paint('faint', cleanLine(`   ${told.because}`)),
    ...wrap(`${told.sentence}.`, 2, style),
    '',
    ...told.ways.flatMap((way, i) => [
      ...(several ? chanceLines(way, i, told, style) : []),
      ...wayLines(way, walk, attempts, style),
    ]),
    ...unreadLines(told, style),
  ]
}

function chanceLines(way: ToldWay, i: number, { ways }: ToldWalk, style: Style): string[] {
  const when = way.chances.length === 0 ? '' : `, ${way.chances.join(', ')}`
  return [
    style.paint('heading', `  Way ${i + 1} of ${ways.length}${cleanLine(when)}`),
    ...wrap(wayText(way), 4, style),
    '',
  ]
}

function wayLines({ there, back }: ToldWay, walk: PathWalk, attempts: readonly Attempt[], style: Style): string[] {
  const measured = new Set<string>()
  const from = (section: WaySection): readonly Attempt[] => {
    if (measured.has(section.namespace)) return []
    measured.add(section.namespace)
    return attemptsFrom(section.namespace, walk, attempts)
  }
  const way = (sections: readonly WaySection[]): string[] =>
    sections.flatMap((section) => sectionLines(section, from(section), style))
  return [...way(there), ...(back ? ['', style.paint('heading', '  And back'), ...way(back)] : []), '']
}

function sectionLines({ title, link, steps }: WaySection, attempts: readonly Attempt[], style: Style): string[] {
  return [
    ...(link === null ? [] : [style.paint('faint', `    ${style.unicode ? '┆' : ':'} ${cleanLine(link)}`)]),
    style.paint('heading', `  ${cleanLine(title)}`),
    ...steps.flatMap((step) => stepLines(step, style)),
    ...attempts.map(({ host, port, outcome }) =>
      style.paint('faint', cleanLine(`    measured from here: ${host}:${port} ${attemptText[outcome]}`)),
    ),
  ]
}

function stepLines({ title, says, rule, text, mood, kind }: WayStep, style: Style): string[] {
  const [unicode, ascii, token] = marks[mood]
  const mark = kind === 'change' ? (style.unicode ? '◆' : '*') : style.unicode ? unicode : ascii
  const [first = '', ...rest] = wrap(says, 6 + titleWidth, style)
  const label = cleanLine(title).padEnd(titleWidth)
  const tone = kind === 'change' ? 'warn' : token
  const named = mood === 'plain' && kind !== 'change' ? label : style.paint(tone, label)
  const body = first.slice(6 + titleWidth)
  const place = [rule, kind === 'pass' ? '' : text].filter((part) => part !== '').join(': ')
  return [
    `    ${style.paint(tone, mark)} ${title.length > titleWidth ? `${named}\n${' '.repeat(6 + titleWidth)}` : named}${body}`,
    ...rest,
    ...wrap(place, 6 + titleWidth, style).map((one) => style.paint('faint', one)),
  ]
}

function unreadLines({ unread }: ToldWalk, style: Style): string[] {
  if (unread.length === 0) return []
  return [
    style.paint('heading', '  Not read'),
    ...unread.flatMap(({ place, argv, why }) => wrap(`${place}: ${argv}: ${why}`, 4, style)),
  ]
}
