import { cleanLine } from '../ask/clean.ts'
import type { Capture } from '../knowledge/shapes/capture.ts'
import { measuredOutcome } from '../knowledge/measured.ts'
import type { Report } from '../knowledge/report.ts'
import { ended } from '../knowledge/words.ts'
import type { WaySection } from '../way/sections.ts'
import type { WayStep } from '../way/steps.ts'
import { toldWalk, wayText, type ToldWalk, type ToldWay } from '../way/told.ts'
import type { PathWalk } from '../way/walked.ts'
import type { PathWays } from '../way/facts.ts'
import { isOf, lastSeen, seenAlong, type Last } from '../way/seen.ts'
import {
  againstText,
  belongs,
  comparedText,
  measuredAgainst,
  stoodAnyway,
  unmeasured,
  type Tried,
} from '../way/tried.ts'
import type { Frame } from './json.ts'
import type { Supposed } from '../way/supposed.ts'
import { supposedText } from './what-if.ts'
import { wrap, type Library, type Style } from './style.ts'
import { header } from './text.ts'

const marks = {
  plain: [' ', 'faint'],
  good: ['✓', 'good'],
  bad: ['✗', 'bad'],
  unknown: ['?', 'unknown'],
} as const
const titleWidth = 12
/** The fault that says so. */
const disagreement = 'simulation-disagrees'

/** The walks of the paths as text: what the screen shows, folded alike; then what the diagnosis says of them. */
export function pathText(
  ways: readonly PathWays[],
  report: Report,
  frame: Frame,
  library: Library,
  style: Style,
  supposed: Supposed | null = null,
): string {
  const none = ways.length === 0 ? ['There is no path to follow.', ''] : []
  return [
    ...header(frame, style),
    '',
    ...none,
    ...ways.flatMap((one) => waysLines(one, style)),
    ...(supposed ? supposedText(supposed, style) : []),
    ...foundLines(report, library, style),
  ].join('\n')
}

/** One path: its walks, or why there are none. */
export function waysLines(ways: PathWays, style: Style): readonly string[] {
  const { about, walks, unknown, tried, untried, capture, unwatched } = ways
  if (unknown) {
    const why = unknown.detail ?? unknown.why
    return [style.paint('unknown', `${about}: the packet cannot be followed`), ...wrap(ended(why), 2, style), '']
  }
  if (walks.length === 0)
    return [`${about}: no address is known that the source would dial, so there is no packet to follow.`, '']
  const why = [
    ...(untried ? wrap(ended(`Nothing was measured: ${untried.detail ?? untried.why}`), 0, style) : []),
    ...(unwatched ? wrap(ended(`No packets were watched: ${unwatched.detail ?? unwatched.why}`), 0, style) : []),
  ]
  return [
    ...walks.flatMap((walk) => [
      ...walkLines(walk, unmeasured(walk) === null ? tried.filter((one) => belongs(one, walk)) : [], style),
      ...unmeasuredLines(walk, tried, style),
      ...(capture && isOf(capture, walk) ? captureLines(capture, walk, style) : []),
    ]),
    ...why,
    ...(why.length > 0 ? [''] : []),
  ]
}

/** What the walk leaves open and the measurement does not, and the other way round. */
function unmeasuredLines(walk: PathWalk, tried: readonly Tried[], style: Style): readonly string[] {
  const why = unmeasured(walk)
  if (why !== null) return [...wrap(ended(`Nothing was measured of it: ${why}`), 2, style), '']
  if (walk.outcome !== 'unknown' || !stoodAnyway(walk, tried)) return []
  return [...wrap('What is not known here did not stop it: the same connection was tried, and it stood.', 2, style), '']
}

const lastText = ({ at, certain }: Last): string =>
  at === null
    ? 'The packet was seen nowhere.'
    : certain
      ? `The packet was last seen at ${at}.`
      : `It is not certain where the packet was last seen: several connections were under way. One was at ${at}.`

/** What was seen of one attempt, place by place, and where the packet was last. */
function captureLines(capture: Capture, walk: PathWalk, style: Style): readonly string[] {
  const seen = seenAlong(capture, walk)
  const last = lastSeen(capture, walk)
  return [
    style.paint('heading', '  Packets seen'),
    ...seen.flatMap(({ place, packets, why }) => [
      `    ${cleanLine(place)}${why === null ? (packets.length === 0 ? ': nothing' : '') : cleanLine(`: not watched, ${why}`)}`,
      ...packets.map(({ device, direction, packet, count }) =>
        style.paint(
          'faint',
          cleanLine(`      ${`${direction ?? ''} ${device}`.trim().padEnd(18)} ${packet}  ${count} x`),
        ),
      ),
    ]),
    ...(last ? wrap(lastText(last), 4, style) : []),
    '',
  ]
}

/** The diagnosis, and where what was measured contradicts the walk. */
function foundLines({ diagnosis, findings }: Report, library: Library, style: Style): readonly string[] {
  const main = findings.find(({ id, about }) => id === diagnosis?.fault && about === diagnosis.about)
  const differs = findings.find((one) => one.id === disagreement && one !== main)
  return [...(main ? [main] : []), ...(differs ? [differs] : [])].flatMap((found) => [
    `${style.paint(found === main ? 'bad' : 'warn', found === main ? 'FOUND' : 'DIFFERS')}  ${style.paint('heading', library.fault(found.id)?.title ?? found.id)}   ${found.id} · ${found.severity}`,
    ...wrap(ended(`${found.about}. ${found.sentence}`), 7, style),
    ...(found === main ? wrap('The command diagnose with the same names prints evidence and fix.', 7, style) : []),
    '',
  ])
}

function walkLines(walk: PathWalk, tried: readonly Tried[], style: Style): string[] {
  const told = toldWalk(walk)
  const head = `${told.from} → ${walk.wanted.proto} ${told.target}`
  const several = told.ways.length > 1
  return [
    style.paint('heading', cleanLine(head)) + style.paint('faint', cleanLine(`   ${told.because}`)),
    ...headLines(told, measuredAgainst(walk, tried), style),
    '',
    ...told.ways.flatMap((way, i) => [
      ...(several ? chanceLines(way, i, told, style) : []),
      ...wayLines(way, tried, style),
    ]),
    ...unreadLines(told, style),
  ]
}

/** What was measured comes before what the walk says. */
function headLines({ sentence }: ToldWalk, against: Tried | undefined, style: Style): readonly string[] {
  if (!against) return wrap(ended(sentence), 2, style)
  const token = measuredOutcome(against.attempt) === 'answered' ? 'good' : 'bad'
  return [
    ...wrap(againstText(against), 2, style).map((one) => style.paint(token, one)),
    ...wrap(ended(sentence), 2, style),
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

function wayLines({ there, back }: ToldWay, tried: readonly Tried[], style: Style): string[] {
  const measured = new Set<string>()
  const from = (section: WaySection): readonly Tried[] => {
    if (measured.has(section.namespace)) return []
    measured.add(section.namespace)
    return tried.filter(({ namespace }) => namespace === section.namespace)
  }
  const way = (sections: readonly WaySection[]): string[] =>
    sections.flatMap((section) => sectionLines(section, from(section), style))
  return [...way(there), ...(back ? ['', style.paint('heading', '  And back'), ...way(back)] : []), '']
}

function sectionLines({ title, link, steps }: WaySection, tried: readonly Tried[], style: Style): string[] {
  return [
    ...(link === null ? [] : [style.paint('faint', `    ┆ ${cleanLine(link)}`)]),
    style.paint('heading', `  ${cleanLine(title)}`),
    ...steps.flatMap((step) => stepLines(step, style)),
    ...tried.map((one) => triedLine(one, style)),
  ]
}

function triedLine(one: Tried, { paint }: Style): string {
  const { to, by, measured, simulated, agrees } = comparedText(one)
  const beside = agrees === false ? `, though the walk says: ${simulated}` : ''
  return paint(
    agrees === false ? 'warn' : 'faint',
    cleanLine(`      measured    ${to} from ${by}: ${measured}${beside}`),
  )
}

function stepLines({ title, says, rule, text, mood, kind }: WayStep, style: Style): string[] {
  const [sign, token] = marks[mood]
  const mark = kind === 'change' ? '◆' : sign
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
  const whys = [...Map.groupBy(unread, ({ place, why }) => `${place}: ${why}`)]
  return whys.length === 0
    ? []
    : [
        style.paint('heading', '  Not read'),
        ...whys.flatMap(([why, all]) => wrap(`${why} (${all.map(({ what }) => what).join(', ')})`, 4, style)),
        '',
      ]
}
