import { agrees, measuredOutcome } from '../../knowledge/measured.ts'
import type { Stopped } from '../../knowledge/shapes/crossing.ts'
import type { Trace, Verdict, Where } from '../../knowledge/shapes/packet.ts'
import type { Attempt } from '../../knowledge/shapes/runtime.ts'
import type { PathNetwork, PathWalk, RuleStop } from '../../knowledge/shapes/walk.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { whereLine } from './lines.ts'

const waits = ['path.attempts', 'path.forward', 'path.inbound.input'] as const

export const ruleStopDerivation: AnyDerivation = derivation({
  provides: 'path.rule-stop',
  about: 'path',
  from: ['path.walks', 'path.network'],
  maybe: waits,
  waits,
  make: ({ 'path.walks': walks, 'path.network': network }, known) => {
    // An address that was measured to answer is let through, whatever the walk says.
    const open = walks.filter((one) => !isAnswered(one, known['path.attempts'] ?? []))
    const own = open.filter(({ begins }) => begins === 'source')
    const stops = (of: readonly PathWalk[]): readonly (RuleStop | null)[] => of.map((one) => stopIn(one, network))
    const judged = (stop: RuleStop) => {
      const meant = isMeant(stop, known)
      if (meant === undefined) return notKnown('whether the packet goes the way it is meant to is not known')
      return meant ? found(stop) : nothing('the packet ends where it was not meant to go')
    }
    const first = stops(own).find((one) => one !== null)
    if (first) return judged(first)
    const named = walks.some(({ begins }) => begins === 'source')
    if (named && own.every(({ outcome }) => outcome !== 'unknown')) return nothing()
    // Where the packet is lost sight of before, and where nobody is named as the caller.
    const there = open.filter(({ begins }) => begins === 'client')
    const [one, ...others] = stops(there)
    if (one && others.every((other) => sameRule(one, other))) return judged(one)
    if (one || others.some((other) => other !== null))
      return notKnown("it depends on the caller's address", 'not-named')
    const lost = [...own, ...there].find(({ outcome }) => outcome === 'unknown')
    return lost ? notKnown(whyUnknown(lost)) : nothing()
  },
})

/**
 * A firewall keeps out what goes astray: an address nobody listens at, a port that is not translated, a route that is
 * missing. A rule is at fault for what is stopped on the way the client is meant to send it. Undefined: not known.
 */
function isMeant(
  { hook, answer, place }: RuleStop,
  known: { readonly 'path.forward'?: Stopped | null; readonly 'path.inbound.input'?: Stopped | null },
): boolean | undefined {
  if (answer || !place.startsWith('client ')) return true
  if (hook !== 'forward' && hook !== 'input') return true
  const stopped = known[hook === 'forward' ? 'path.forward' : 'path.inbound.input']
  return stopped === undefined ? undefined : stopped !== null
}

const nothing = (why = 'no connection ends at a rule') => made<RuleStop | null>(null, why)
const found = (stop: RuleStop) =>
  made<RuleStop | null>(
    stop,
    `${stop.host}:${stop.port}: ${stop.answer ? 'the answer ends' : 'ends'} at ${stop.place}, ${stop.by}, table ${stop.table}, chain ${stop.chain}: ${stop.text ?? `policy of ${stop.chain}`}`,
  )

const isAnswered = ({ begins, dial }: PathWalk, attempts: readonly Attempt[]): boolean =>
  attempts.some(
    (one) =>
      (begins === 'source' ? one.from === 'source' : one.from !== 'target-node') &&
      one.host === dial.host &&
      one.port === dial.port &&
      measuredOutcome(one) !== 'unknown' &&
      agrees('answered', one) === true,
  )

/** The rule at which every way of the packet ends, or its answer; null: it arrives, ends elsewhere, or is not known. */
function stopIn({ dial, traces, places }: PathWalk, network: PathNetwork): RuleStop | null {
  const ends = traces.map(endOf)
  const [end] = ends
  if (!end || !ends.every((other) => other && placed(other.by) === placed(end.by))) return null
  const { namespace, by, table = '', chain = '', rule, text = '' } = end.by
  if (by === 'kernel') return null
  const [family = '', ...name] = table.split(' ')
  const handle =
    by === 'nftables' && rule !== undefined
      ? network.topology.namespaces[namespace]?.nft?.rules.find(
          (one) => one.family === family && one.table === name.join(' ') && one.chain === chain && one.n === rule,
        )?.handle
      : undefined
  return {
    place: places[namespace]?.label ?? namespace,
    host: dial.host,
    port: dial.port,
    answer: end.answer,
    hook: end.by.at,
    family: end.six ? 6 : 4,
    by,
    table,
    chain,
    rule: rule ?? null,
    text: rule === undefined ? null : text,
    verdict: end.rejected ? 'reject' : 'drop',
    handle: handle ?? null,
  }
}

interface End {
  readonly by: Where
  readonly rejected: boolean
  readonly answer: boolean
  readonly six: boolean
}

const stopped = ({ by, kind }: Ended, answer: boolean, { src }: Trace['tuple']): End => ({
  by,
  rejected: kind === 'rejected',
  answer,
  six: src.includes(':'),
})

function endOf({ verdict, tuple, back }: Trace): End | null {
  if (isEnded(verdict)) return stopped(verdict, false, tuple)
  if (verdict.kind !== 'delivered' || !back || back.verdict.kind === 'returned') return null
  return isEnded(back.verdict) ? stopped(back.verdict, true, back.tuple) : null
}

type Ended = Verdict & { readonly kind: 'dropped' | 'rejected' }
const isEnded = (verdict: Verdict): verdict is Ended =>
  (verdict.kind === 'dropped' || verdict.kind === 'rejected') && verdict.by.by !== 'kernel'

const placed = ({ namespace, by, table, chain, rule }: Where): string =>
  JSON.stringify([namespace, by, table, chain, rule])
const sameRule = (one: RuleStop, other: RuleStop | null): boolean =>
  other !== null && JSON.stringify({ ...one, host: '' }) === JSON.stringify({ ...other, host: '' })

/** Where and why the first walk that is not known is lost. */
export function whyUnknown({ places, traces }: PathWalk): string {
  for (const { verdict, back } of traces)
    for (const end of [verdict, back?.verdict])
      if (end?.kind === 'unknown') return `${whereLine(places, end.where)}: ${end.because}`
  return 'rules decide by chance'
}
