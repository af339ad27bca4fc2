import { chanceModules } from '../packet/iptables-chances.ts'
import { originOf } from '../knowledge/origin-of.ts'
import { callerWords } from '../knowledge/stranger.ts'
import { outcomeOf, strayOf } from '../packet/walk/index.ts'
import { sectionsOf, type WaySection } from './sections.ts'
import type { WayStep } from './steps.ts'
import { placeOf } from './visits.ts'
import type { Outcome, PathWalk, Trace } from './walked.ts'
import { outcomeText, ruleName } from './words.ts'

/** One way the packet may take, as people read it. */
export interface ToldWay {
  /** Which rules that match by chance led this way. */
  readonly chances: readonly string[]
  readonly there: readonly WaySection[]
  readonly back: readonly WaySection[] | null
  readonly outcome: Outcome
  /** Where it ends for good or ill: on the way there, or, when it arrives, on the way back. */
  readonly end: WayEnd | null
}
export interface WayEnd {
  readonly place: string
  readonly step: WayStep
  readonly on: 'there' | 'back'
}

/** A walk as people read it: what every screen and format shows. */
export interface ToldWalk {
  /** `10.0.0.2:25000`. */
  readonly target: string
  readonly from: string
  /** Where the address stands: `env ORDERS of task loop`. */
  readonly because: string
  readonly outcome: Outcome
  /** Who took it in place of the target; null: nobody did. */
  readonly stray: string | null
  readonly sentence: string
  readonly ways: readonly ToldWay[]
  readonly unread: readonly { readonly place: string; readonly what: string; readonly why: string }[]
}

export function toldWalk(walk: PathWalk): ToldWalk {
  const { dial, start, places, traces, outcome, unread } = walk
  const ways = traces.map((trace) => toldWay(trace, places))
  const begins = placeOf(places, start.namespace).label
  const stray = strayText(walk)
  const host = dial.host.includes(':') ? `[${dial.host}]` : dial.host
  return {
    target: `${host}:${dial.port}`,
    from:
      walk.begins === 'client'
        ? `outside, coming in at ${begins}${walk.wanted.src === undefined ? '' : ` from ${callerWords(walk.wanted.src, start.anyone)}`}`
        : begins,
    because: originOf(dial),
    outcome,
    stray,
    sentence: sentenceOf(
      ways,
      traces.map((trace) => strayText({ ...walk, traces: [trace] })),
    ),
    ways,
    unread: unread.map(({ namespace, what, why }) => ({ place: placeOf(places, namespace).label, what, why })),
  }
}

/** Another one than the target takes it. */
export const strayed = ({ traces, meant }: PathWalk): boolean => strayOf(traces, meant) !== undefined

function strayText({ traces, places, meant }: PathWalk): string | null {
  const end = strayOf(traces, meant)
  if (!end) return null
  const { address, port, processes } = end.socket
  return `${processes[0]?.name ?? 'a program'} on ${address}:${port} of ${placeOf(places, end.namespace).label} takes it`
}

function toldWay(trace: Trace, places: PathWalk['places']): ToldWay {
  const { there, back } = sectionsOf(trace, places)
  const first = endOf(there, 'there')
  const last = back && endOf(back, 'back')
  const end = first?.step.mood === 'good' && last ? last : first
  return { chances: trace.chances.map(chanceText), there, back, outcome: outcomeOf(trace), end }
}

/** What ends a packet, or its answer, in the words of its way: `dropped by filter FORWARD policy, nobody is told`. */
export function endWords(walk: PathWalk): string {
  const [first] = walk.traces
  const end = first && toldWay(first, walk.places).end
  return end ? stepWords(end.step) : outcomeText[walk.outcome]
}
const stepWords = ({ title, rule, says }: WayStep): string => `${title}${rule === '' ? '' : ` by ${rule}`}, ${says}`

function endOf(sections: readonly WaySection[], on: WayEnd['on']): WayEnd | null {
  const section = sections.at(-1)
  const step = section?.steps.findLast(({ kind }) => kind === 'end')
  return section && step ? { place: section.title, step, on } : null
}

const chanceText = ({ where, matched, drawn }: Trace['chances'][number]): string =>
  `${matched ? 'when' : 'unless'} ${ruleName(where) || 'it'} ${drawn === undefined ? 'matches' : `draws ${drawn}`}${where.text === undefined ? '' : `: ${where.text}`}`

/** More ends than a sentence holds: then only what the caller sees of them is said. */
const mostEnds = 3

/** What these ask for is nothing random; no command prints it. */
const unread = new RegExp(String.raw`-m (?:${Object.keys(chanceModules).join('|')})\b`)

/** `strays`: who takes it in place of the target, way by way. */
function sentenceOf(ways: readonly ToldWay[], strays: readonly (string | null)[]): string {
  const ends = ways.map((way, i) => {
    const stray = way.outcome === 'answered' ? (strays[i] ?? null) : null
    return stray === null ? wayText(way) : `The packet does not come to the target: ${stray}`
  })
  const [only] = ends
  if (only === undefined) return 'Nothing could be followed.'
  if (ends.length === 1) return only
  const [different, outcomes] = [new Set(ends), new Set(ways.map((way) => outcomeText[way.outcome]))]
  const said = different.size > mostEnds ? outcomes : different
  const words = [...said].map((one) => one.replace(/^The (?=packet|answer)|^What /, (first) => first.toLowerCase()))
  const isRead = ways.every(({ chances }) => !chances.some((one) => unread.test(one)))
  const [number, rest] = [ways.length, words.join('; or ')]
  if (!isRead && said.size === 1)
    return `Whether some rules match cannot be told here; all ${number} ways end alike: ${rest}`
  if (!isRead)
    return `It depends on whether some rules match, which cannot be told here; there are ${number} ways: ${rest}`
  if (said.size === 1) return `Chance decides among ${number} ways, which end alike: ${rest}`
  return `It depends on chance, there are ${number} ways: ${rest}`
}

/** One way in a sentence: where it ends, by which rule, and what the caller sees of it. */
export function wayText(way: ToldWay): string {
  const text = endText(way)
  const told = way.end === null || way.end.step.mood === 'unknown' || way.outcome === 'answered'
  return told ? text : `${text}; ${outcomeText[way.outcome]}`
}

/** Where these ways end, each once. */
export const endsOf = (traces: readonly Trace[], places: PathWalk['places']): readonly string[] => [
  ...new Set(traces.map((trace) => endText(toldWay(trace, places)))),
]

/** Where one way ends, and by which rule. */
function endText({ there, end, outcome }: ToldWay): string {
  if (!end) return outcomeText[outcome]
  const { place, step, on } = end
  const what = on === 'there' ? 'The packet' : step.mood === 'good' ? 'The packet arrives; its answer' : 'The answer'
  if (step.mood === 'good' && on === 'back') return 'The packet arrives, and the answer comes back'
  const unseen = there.every(({ steps }) => steps.every(({ hops }) => hops.length === 0))
  if (step.mood === 'unknown' && unseen) return `What becomes of the packet is not known: ${step.says}`
  if (step.mood === 'unknown') return `${what} comes to ${place}; what becomes of it there is not known: ${step.says}`
  return `${what} ends at ${place}: ${stepWords(step)}`
}
