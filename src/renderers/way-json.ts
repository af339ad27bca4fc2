import { cleanLine } from '../ask/clean.ts'
import type { Seen } from '../knowledge/fact.ts'
import type { Capture } from '../knowledge/shapes/capture.ts'
import { sourceOf } from '../knowledge/source-of.ts'
import type { PathWays } from '../way/facts.ts'
import { isOf, lastSeen, seenAlong } from '../way/seen.ts'
import { comparedText, metBy, unmeasured, type Tried } from '../way/tried.ts'
import { toldWalk, type ToldWay } from '../way/told.ts'
import { placeOf } from '../way/visits.ts'
import type { Hop, Outcome, PathWalk, Trace, Where } from '../way/walked.ts'
import { tupleText } from '../way/words.ts'

/** One walk as the JSON contract has it: every hop, none folded. */
export const walksJson = (ways: PathWays): readonly object[] => ways.walks.map((walk) => walkJson(walk, ways))

function walkJson(walk: PathWalk, { tried, seen, capture }: PathWays): object {
  const { from, because, sentence, ways, unread, outcome, stray } = toldWalk(walk)
  const byWhom = (one: Outcome): string => (stray !== null && one === 'answered' ? 'elsewhere' : one)
  const hop = (one: Hop): object => hopJson(one, walk, seen)
  return {
    dial: { proto: walk.wanted.proto, host: walk.dial.host, port: walk.dial.port, from: because },
    from,
    outcome: byWhom(outcome),
    met: byWhom(metBy(walk, tried)),
    sentence,
    ways: walk.traces.map((trace, i) => wayJson(trace, ways[i], hop)),
    measured: unmeasured(walk) === null ? tried.map((one) => triedJson(one, walk)) : [],
    unmeasured: unmeasured(walk),
    captured: capture && isOf(capture, walk) ? capturedJson(capture, walk) : null,
    unread: unread.map(({ place, what, why }) => ({ place, what, why })),
  }
}

function wayJson(trace: Trace, told: ToldWay | undefined, hop: (one: Hop) => object): object {
  const { end } = told ?? {}
  return {
    chances: told?.chances ?? [],
    outcome: told?.outcome ?? 'unknown',
    verdict: trace.verdict.kind,
    packet: tupleText(trace.tuple),
    there: trace.hops.map(hop),
    back: trace.back ? trace.back.hops.map(hop) : null,
    end: end
      ? {
          on: end.on,
          place: end.place,
          what: end.step.title,
          says: end.step.says,
          ...(end.step.where ? whereJson(end.step.where) : {}),
        }
      : null,
  }
}

function hopJson(hop: Hop, walk: PathWalk, seen: readonly Seen[]): object {
  const source = sourceOf(hop, walk.places, walk.wanted.dst.includes(':'), seen)
  return {
    place: placeOf(walk.places, hop.namespace).label,
    does: hop.does,
    ...whereJson(hop),
    before: tupleText(hop.before),
    after: tupleText(hop.after),
    ...(hop.mark === undefined || hop.mark === 0 ? {} : { mark: hop.mark }),
    ...(source ? { request: source.request } : {}),
  }
}

const whereJson = ({ at, by, iif, oif, table, chain, rule, text }: Where): object => ({
  at,
  by,
  ...(iif === undefined || iif === '' ? {} : { in: iif }),
  ...(oif === undefined || oif === '' ? {} : { out: oif }),
  ...(table === undefined ? {} : { table }),
  ...(chain === undefined ? {} : { chain }),
  ...(rule === undefined ? {} : { rule }),
  ...(text === undefined ? {} : { text: cleanLine(text) }),
})

function capturedJson(capture: Capture, walk: PathWalk): object {
  const seen = seenAlong(capture, walk)
  const last = lastSeen(capture, walk)
  return {
    outcome: capture.outcome,
    lastSeen: last?.at ?? null,
    certain: last?.certain ?? true,
    places: seen.map(({ place, why, packets }) => ({ place, why, packets })),
  }
}

function triedJson(one: Tried, { places }: PathWalk): object {
  const { attempt, namespace, simulated } = one
  const { host, port, outcome, ms, place } = attempt
  const { agrees } = comparedText(one)
  return {
    place: namespace === null ? place : placeOf(places, namespace).label,
    host,
    port,
    outcome,
    ms,
    simulated,
    agrees,
  }
}
