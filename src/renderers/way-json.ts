import { cleanLine } from '../ask/clean.ts'
import type { Seen } from '../knowledge/fact.ts'
import type { Attempt } from '../knowledge/shapes/runtime.ts'
import { sourceOf } from '../way/evidence.ts'
import { attemptsFrom } from '../way/measured.ts'
import { toldWalk, type ToldWay } from '../way/told.ts'
import { placeOf } from '../way/visits.ts'
import type { Hop, PathWalk, Trace, Where } from '../way/walked.ts'
import { tupleText } from '../way/words.ts'

/** One walk as the JSON contract has it: every hop, none folded. */
export function walkJson(walk: PathWalk, attempts: readonly Attempt[], seen: readonly Seen[]): object {
  const { from, because, sentence, ways, unread, outcome } = toldWalk(walk)
  const hop = (one: Hop): object => hopJson(one, walk, seen)
  return {
    dial: { proto: walk.wanted.proto, host: walk.dial.host, port: walk.dial.port, from: because },
    from,
    outcome,
    sentence,
    ways: walk.traces.map((trace, i) => wayJson(trace, ways[i], hop)),
    measured: measuredJson(walk, attempts),
    unread: unread.map(({ place, argv, why }) => ({ place, command: argv, why })),
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
  const source = sourceOf(hop, walk, seen)
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

function measuredJson(walk: PathWalk, attempts: readonly Attempt[]): readonly object[] {
  return Object.keys(walk.places).flatMap((namespace) =>
    attemptsFrom(namespace, walk, attempts).map(({ host, port, outcome, ms }) => ({
      place: placeOf(walk.places, namespace).label,
      host,
      port,
      outcome,
      ms,
    })),
  )
}
