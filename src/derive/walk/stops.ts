import type { Hop, Passed, Trace, Tuple, Verdict, Where } from '../../knowledge/shapes/packet.ts'
import { handleOf, leftBy } from './left-by.ts'
import type { PathNetwork, PathWalk, RuleStop, StoppedPacket } from '../../knowledge/shapes/walk.ts'

interface End {
  readonly by: Where
  readonly rejected: boolean
  readonly answer: boolean
  readonly six: boolean
  /** Port of the target's end, as the packet has it there; undefined: as it was sent. */
  readonly met: number | undefined
  readonly tuple: Tuple
  /** What happened to it until there. */
  readonly before: readonly Hop[]
}

/** The rules at which every way of the packet ends, or its answer, in order. Rules of `path.past`, not of `path.walks`. */
export function stopsIn({ dial, start, traces, places }: PathWalk, network: PathNetwork): readonly RuleStop[] {
  const [first = [], ...others] = traces.map((trace) => endsOf(trace, start.namespace))
  return first
    .filter(({ by }) => others.every((ends) => ends.some((other) => placed(other.by) === placed(by))))
    .flatMap(({ by: where, rejected, answer, six, tuple, before, met = dial.port }): readonly RuleStop[] => {
      const { namespace, by, table = '', chain = '', rule, text = '', at } = where
      if (by === 'kernel') return []
      return [
        {
          place: places[namespace]?.label ?? namespace,
          host: dial.host,
          port: dial.port,
          answer,
          met,
          hook: at,
          family: six ? 6 : 4,
          by,
          table,
          chain,
          rule: rule ?? null,
          text: rule === undefined ? null : text,
          verdict: rejected ? 'reject' : 'drop',
          handle: handleOf(where, network.topology.namespaces[namespace]) ?? null,
          packets: packetsOf(where, tuple, answer).map((one) => ({ ...one, ...leftBy(where, before, six, network) })),
        },
      ]
    })
}

/** None of what has no ports. */
function packetsOf({ iif, oif }: Where, { proto, sport, dport }: Tuple, answer: boolean): readonly StoppedPacket[] {
  const port = answer ? sport : dport
  return proto === 'icmp' || port === undefined ? [] : [{ answer, proto, in: iif ?? '', out: oif ?? '', port }]
}

/** The answer's own, too, as long as it goes back the way the question came. */
function endsOf({ passed = [], hops, tuple, verdict, back }: Trace, begins: string): readonly End[] {
  const six = tuple.src.includes(':')
  const endsAlong = (
    stops: readonly Passed[],
    answer: boolean,
    along: readonly Hop[],
    otherwise: Tuple,
  ): readonly End[] =>
    stops.flatMap(({ verdict: one, after }) => {
      if (!isStop(one)) return []
      const packet = along[after - 1]?.after
      const met = answer ? (packet?.sport ?? tuple.dport) : packet?.dport
      const seen = packet ?? along[after]?.before ?? otherwise
      return [
        { by: one.by, rejected: one.kind === 'rejected', answer, six, met, tuple: seen, before: along.slice(0, after) },
      ]
    })
  const question = endsAlong(passed, false, hops, tuple)
  if (verdict.kind !== 'delivered' && verdict.kind !== 'unknown') return question
  const forwarded = new Set(hops.filter(({ at }) => at === 'forward').map((hop) => devices(hop, false)))
  const astray = ({ by }: End): boolean =>
    by.at === 'forward' ? !forwarded.has(devices(by, true)) : by.at === 'input' && by.namespace !== begins
  const answer = back ? endsAlong(back.passed ?? [], true, back.hops, back.tuple) : []
  return [...question, ...answer.filter((one) => !astray(one))]
}

const devices = ({ namespace, iif = '', oif = '' }: Where, back: boolean): string =>
  JSON.stringify([namespace, ...(back ? [oif, iif] : [iif, oif])])

type Ended = Verdict & { readonly kind: 'dropped' | 'rejected' }
const isStop = (verdict: Verdict): verdict is Ended =>
  (verdict.kind === 'dropped' || verdict.kind === 'rejected') && verdict.by.by !== 'kernel'

const placed = ({ namespace, by, table, chain, rule }: Where): string =>
  JSON.stringify([namespace, by, table, chain, rule])
