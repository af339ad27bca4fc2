import { isConsent } from '../ask/consent.ts'
import { blank, cell, gap, lineWidth, span, wrap, type Line } from '../components/line.ts'
import type { Marks, Token } from '../theme.ts'
import type { WaySection } from '../way/sections.ts'
import type { WayStep } from '../way/steps.ts'
import type { Unknown } from '../knowledge/fact.ts'
import { measuredOutcome } from '../knowledge/measured.ts'
import type { Finding } from '../knowledge/report.ts'
import { isOf, lastSeen, seenAlong } from '../way/seen.ts'
import { againstText, belongs, comparedText, measuredAgainst, type Tried } from '../way/tried.ts'
import type { Shown } from './path-shown.ts'
import type { At } from './screen.ts'
import { ended, whyWord } from '../knowledge/words.ts'

export interface PathRow {
  readonly id: string
  readonly rest?: true
  readonly step?: WayStep
  readonly section?: WaySection
  readonly spans: Line
}

export const backFold = 'back'

/** The drawing: a section for each namespace, what joins them, and what was measured beside what was simulated. */
export function pathRows(shown: Shown, at: At, columns: number): readonly PathRow[] {
  const { way, path, walk } = shown
  const unfolded = at.frame.unfolded.includes(backFold)
  const open = way.end?.on === 'back' && way.end.step.mood !== 'good' ? !unfolded : unfolded
  const told = new Set<string>()
  const draw = (sections: readonly WaySection[]): readonly PathRow[] =>
    sections.flatMap((section) => {
      const fresh = !told.has(section.namespace)
      told.add(section.namespace)
      const tried = fresh ? path.tried.filter((one) => one.namespace === section.namespace && belongs(one, walk)) : []
      return sectionRows(section, tried, at, columns)
    })
  const back = way.back
  return [
    ...draw(way.there),
    ...(back === null
      ? []
      : [
          { id: 'gap back', rest: true as const, spans: blank },
          { id: backFold, spans: backLine(back, open, at.look.marks) },
          ...(open ? draw(back) : []),
        ]),
    ...captureRows(shown, at, columns),
  ]
}

/** The cursor goes through them, so that all can be seen. */
const seenRow = (spans: Line, n: number): PathRow => ({
  id: `seen ${n}`,
  spans,
  ...(spans.length === 0 ? { rest: true as const } : {}),
})

/** What was seen of one attempt, place by place, below the drawing. */
function captureRows({ path: { capture, unwatched }, walk }: Shown, at: At, columns: number): readonly PathRow[] {
  if (unwatched) {
    const why = needsYes(unwatched, at, 'w') ?? unwatched.detail ?? whyWord(unwatched.why)
    return [blank, ...wrap([gap(1), span(`No packets were watched: ${why}`, 'faint')], columns, 3)].map(seenRow)
  }
  if (!capture || !isOf(capture, walk)) return []
  const seen = seenAlong(capture, walk)
  const last = lastSeen(capture, walk)
  const where =
    last &&
    (last.at === null
      ? 'nowhere'
      : last.certain
        ? `last at ${last.at}`
        : `one of several connections last at ${last.at}`)
  return [
    blank,
    [gap(1), span('Packets seen  ', 'heading'), ...(where === undefined ? [] : [span(where, 'accent')])],
    ...seen.flatMap(({ place, packets, why }): Line[] => [
      [
        gap(3),
        span(place),
        span(why === null ? (packets.length === 0 ? '  nothing' : '') : `  not watched: ${why}`, 'faint'),
      ],
      ...packets.map(({ device, direction, packet, answers, count }): Line => [
        gap(5),
        ...cell(`${direction ?? ''} ${device}`.trim(), 18, 'faint'),
        span(packet, answers ? 'faint' : 'text'),
        span(`  ${count} x`, 'faint'),
      ]),
    ]),
  ].map(seenRow)
}

/** Nobody agreed: how to be asked again, where there is somebody to ask. */
const needsYes = (unknown: Unknown, { state }: At, key: string): string | undefined =>
  isConsent(unknown) ? `that needs your consent${state.place.kind === 'live' ? `; ${key} asks again` : ''}` : undefined

/** What stands left and right of the drawing; where nothing was tried, why. */
export function legend({ tried, untried }: Shown['path'], columns: number, at: At): Line {
  const right = measuredWidth(columns)
  const simulated = span('simulated', 'faint')
  if (tried.length > 0 && right > 0)
    return [gap(2), ...cell([simulated], columns - right - 3), span('measured', 'faint')]
  if (tried.length > 0 || untried === null) return blank
  const why = needsYes(untried, at, 'm') ?? whyWord(untried.why)
  return [gap(2), simulated, span(`; nothing was measured: ${why}`, 'faint')]
}

function backLine(sections: readonly WaySection[], open: boolean, marks: Marks): Line {
  const end = sections.at(-1)?.steps.findLast(({ kind }) => kind === 'end')
  const token = end ? moodToken[end.mood] : 'faint'
  return [
    gap(1),
    span('And back  ', 'heading'),
    span(end ? `${moodMark(end, marks)} ${end.title}`.trimStart() : '', token),
    span(end ? `  ${end.says}` : '', 'faint'),
    span(open ? '' : ' …', 'faint'),
  ]
}

const moodToken: Readonly<Record<WayStep['mood'], Token>> = {
  plain: 'faint',
  good: 'good',
  bad: 'bad',
  unknown: 'unknown',
}
export const stepToken = ({ kind, mood }: WayStep): Token => (kind === 'change' ? 'warn' : moodToken[mood])
const moodMark = ({ kind, mood }: WayStep, marks: Marks): string =>
  kind === 'change' ? marks.change : mood === 'plain' ? '' : marks[mood]
const titleWidth = 12

/** The right part of the drawing holds what was measured. */
const measuredWidth = (columns: number): number => (columns < 64 ? 0 : Math.min(36, Math.floor(columns * 0.46)))

function sectionRows(section: WaySection, tried: readonly Tried[], at: At, columns: number): readonly PathRow[] {
  const { marks } = at.look
  const right = measuredWidth(columns)
  const left = columns - right - 2
  const name = section.steps[0]?.id ?? section.title
  const measured = tried.map((one) => triedLine(one, marks, right === 0))
  /** Beside what is short and of less weight; a rewrite and the end have the line for themselves. */
  const beside = (core: Line, detail: Line = [], alone = false): Line => {
    const own = right === 0 || alone || lineWidth(core) > left ? undefined : measured.shift()
    return own ? [...cell(core, left), gap(2), ...own] : [...core, ...detail]
  }
  const named: Line = [gap(1), span(`${marks.top} `, 'border'), span(section.title, 'heading')]
  const title: PathRow = { id: `title ${name}`, rest: true, spans: beside(named) }
  const steps = section.steps.map((step, i): PathRow => {
    const last = i === section.steps.length - 1 && (right > 0 || measured.length === 0)
    const { core, detail } = stepLine(step, marks, last)
    const alone = step.kind === 'change' || step.kind === 'end'
    return { id: step.id, step, section, spans: beside(core, detail, alone) }
  })
  const link: Line = [gap(1), span(`${marks.link} `, 'border'), span(section.link ?? '', 'faint')]
  return [
    ...(section.link === null ? [] : [{ id: `link ${name}`, rest: true as const, spans: link }]),
    title,
    ...steps,
    ...measured.map((spans, i): PathRow => ({
      id: `measured ${name} ${i}`,
      rest: true,
      spans: [gap(right === 0 ? 5 : left + 2), ...spans],
    })),
  ]
}

function stepLine(step: WayStep, marks: Marks, last: boolean): { readonly core: Line; readonly detail: Line } {
  const { title, says, rule, kind, text } = step
  const token = stepToken(step)
  const more = kind === 'out' ? text : rule
  return {
    core: [
      gap(1),
      span(`${last ? marks.bottom : marks.rail} `, 'border'),
      span(`${moodMark(step, marks).padEnd(1)} `, token),
      ...cell([span(title, token === 'faint' ? 'text' : token, kind === 'end')], titleWidth),
      gap(1),
      span(says, kind === 'pass' || kind === 'in' || kind === 'out' ? 'faint' : 'text'),
    ],
    detail: more === '' ? [] : [span(`  ${more}`, 'faint')],
  }
}

function triedLine(one: Tried, marks: Marks, alone: boolean): Line {
  const { to, measured, agrees, stood } = comparedText(one)
  const mark = stood ? marks.good : measured === 'cannot be told' ? marks.unknown : marks.bad
  const token = stood ? 'good' : measured === 'cannot be told' ? 'unknown' : 'bad'
  return [
    span(alone ? 'measured ' : '', 'faint'),
    span(mark === '' ? '' : `${mark} `, token),
    span(`${to} `, 'faint'),
    span(measured, token),
    span(agrees === false ? (marks.risk === '' ? ', differs' : ` ${marks.risk}`) : '', 'warn'),
  ]
}

/** What stands above the drawing: what was asked, and what comes of it. */
export function headLines(
  shown: Shown,
  count: number,
  at: number,
  columns: number,
  differs?: Finding,
): readonly Line[] {
  const { told, way, number, walk, path } = shown
  const chance = told.ways.length > 1 ? `way ${number + 1} of ${told.ways.length}` : ''
  const place = count > 1 ? `${at + 1}/${count}` : ''
  const right = [chance, place].filter((part) => part !== '').join('  ')
  const asked: Line = [
    span(told.from, 'heading'),
    span(' → ', 'faint'),
    span(`${walk.wanted.proto} ${told.target}`, 'heading'),
  ]
  const against = measuredAgainst(walk, path.tried)
  const met = against ? measuredOutcome(against.attempt) : way.outcome
  const token = met === 'answered' ? 'good' : met === 'unknown' ? 'unknown' : 'bad'
  const room = columns - right.length - 1
  const [first = blank, ...more] = wrap(asked, room, 2)
  return [
    [...cell(first, room), gap(1), span(right, 'accent')],
    ...more,
    [span(told.because, 'faint')],
    ...(against ? wrap([span(againstText(against), token)], columns) : []),
    ...wrap(
      [span(told.ways.length > 1 ? told.sentence : ended(told.sentence), told.ways.length > 1 ? 'warn' : token)],
      columns,
    ),
    ...way.chances.flatMap((chanceOf) => wrap([span(`This way ${chanceOf}`, 'faint')], columns, 2)),
    ...(differs ? wrap([span(`${ended(differs.sentence)} (${differs.id})`, 'warn')], columns, 2) : []),
  ]
}
