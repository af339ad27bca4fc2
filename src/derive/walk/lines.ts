import type { Trace } from '../../knowledge/shapes/packet.ts'
import type { PathNetwork } from '../../knowledge/shapes/walk.ts'
import type { Where } from '../../packet/walk/index.ts'

type Places = PathNetwork['places']

/** A place in one line: `client c1: forward, iptables filter FORWARD rule 3: -j DROP`. */
export function whereLine(places: Places, { namespace, at, by, iif, oif, table, chain, rule, text }: Where): string {
  const devices = [iif === undefined ? '' : ` in by ${iif}`, oif === undefined ? '' : ` out by ${oif}`].join('')
  const ruled = [by === 'kernel' ? '' : by, table ?? '', chain ?? '', rule === undefined ? '' : `rule ${rule}`]
    .filter((part) => part !== '')
    .join(' ')
  const place = `${places[namespace]?.label ?? namespace}: ${at}${devices}`
  return [place, ...(ruled === '' ? [] : [ruled]), ...(text === undefined ? [] : [text])].join(', ')
}

/** A trace for a reader: where the packet was changed or sent on, and its end. */
export function traceLines(places: Places, { hops, verdict, back }: Trace): readonly string[] {
  const telling = hops.filter(
    ({ does, before, after }) =>
      does === 'route' || does === 'local' || before.dst !== after.dst || before.src !== after.src,
  )
  const end = 'by' in verdict ? verdict.by : 'where' in verdict ? verdict.where : undefined
  return [
    ...telling.map(
      (hop) =>
        `${whereLine(places, hop)}: ${hop.does}, ${hop.after.src || '?'} to ${hop.after.dst}:${hop.after.dport ?? '?'}`,
    ),
    end ? `${whereLine(places, end)}: ${wordOf(verdict)}` : `${places[placeOf(verdict)]?.label ?? ''}: ${verdict.kind}`,
    ...(back && back.verdict.kind !== 'returned' ? [`answer: ${wordOf(back.verdict)}`] : []),
  ]
}

const placeOf = (verdict: Trace['verdict']): string => ('namespace' in verdict ? verdict.namespace : '')
const wordOf = (verdict: Trace['verdict'] | { readonly kind: 'returned' }): string =>
  'why' in verdict
    ? `${verdict.kind}, ${verdict.why}`
    : 'because' in verdict
      ? `unknown, ${verdict.because}`
      : verdict.kind
