import type { Untranslated } from '../../knowledge/shapes/crossing.ts'
import type { Hop, IptablesSave, NamespaceState, Trace, Tuple } from '../../knowledge/shapes/packet.ts'
import type { Untracked } from '../../knowledge/shapes/untracked.ts'
import type { PathNetwork, PathWalk } from '../../knowledge/shapes/walk.ts'
import { familyOf } from '../../packet/ipaddr.ts'
import {
  derivation,
  made,
  notKnown,
  showing,
  type AnyDerivation,
  type Made,
  type Maybe,
  type NotKnown,
} from '../derivation.ts'
import { handleOf } from './left-by.ts'
import { whyUnknown } from './rule-stop.ts'
import { shownAt } from './shown.ts'
import { stopping } from './stopping.ts'

const waits = ['path.past', 'path.followed', 'path.attempts', 'path.untranslated'] as const

export const untrackedDerivation: AnyDerivation = derivation({
  provides: 'path.untracked',
  about: 'path',
  from: ['path.network'],
  maybe: waits,
  waits,
  make: ({ 'path.network': network }, known, _, missed) => {
    const lost = known['path.untranslated']
    if (lost && lost.untracked !== null) return made(call(lost, lost.untracked), lost.untracked, 'path.untranslated')
    const answers = untrackedAnswers(network, known)
    if (answers.value) return shown(answers.value, network)
    const { 'path.untranslated': open } = missed
    if (open) return notKnown(open.detail ?? 'whether every address is translated is not known', open.why)
    return answers.open ?? made<Untracked | null>(null, answers.none, 'path.untranslated')
  },
})

/** NAT never sends on what a rule of table raw exempts. */
const call = ({ way }: Untranslated, text: string): Untracked => ({
  place: `client ${way.node}`,
  host: way.address,
  port: way.port,
  answer: false,
  by: text.startsWith('-A ') ? 'iptables' : 'nftables',
  family: 4,
  table: 'raw',
  chain: /^-A (\S+)/.exec(text)?.[1] ?? '',
  rule: null,
  text,
  handle: null,
})

function shown(found: Untracked, network: PathNetwork): Made<Untracked | null> {
  const { place, host, port, text, family } = found
  const where = {
    namespace: place,
    at: 'prerouting',
    by: found.by,
    table: found.table,
    chain: found.chain,
    text,
  } as const
  const line = `${host}:${port}: its answer is exempt on ${place}`
  return showing(made<Untracked | null>(found, line), shownAt([{ where, six: family === 6, line }], network))
}

interface Answers {
  readonly value?: Untracked
  /** Why it is not known. */
  readonly open?: NotKnown
  readonly none: string
}

function untrackedAnswers(network: PathNetwork, known: Maybe<(typeof waits)[number]>): Answers {
  const none = 'every answer is tracked where its addresses are translated'
  if (!Object.values(network.topology.namespaces).some(exempts)) return { none }
  const walks = known['path.past']
  if (!walks) return { none, open: notKnown('how packets fare is not known') }
  const { stops, differs, lost } = stopping(walks, known['path.attempts'] ?? [], (one) => exemptIn(one, network))
  const [value] = stops
  if (value) return { none, value }
  if (differs) return { none, open: notKnown("it depends on the caller's address", 'not-named') }
  if (lost) return { none, open: notKnown(whyUnknown(lost)) }
  const whole = known['path.followed']
  return whole ? { none } : { none, open: notKnown('where packets start, or to which addresses, is not known') }
}

/** Whether a namespace has a rule that takes packets out of connection tracking, whichever these are. */
const exempts = ({ iptables4, iptables6, legacy4, legacy6, nft }: NamespaceState): boolean =>
  [iptables4, iptables6, legacy4, legacy6].some(hasExempting) ||
  (nft?.rules.some(({ expr }) => expr.some((one) => typeof one === 'object' && one !== null && 'notrack' in one)) ??
    false)

const hasExempting = (save: IptablesSave | undefined): boolean =>
  save?.tables.some(({ chains }) =>
    chains.some(({ rules }) => rules.some(({ target }) => target?.kind === 'notrack')),
  ) ?? false

/** The rule that exempts the answer on every way of the call. */
function exemptIn({ dial, traces, places, begins }: PathWalk, { topology }: PathNetwork): readonly Untracked[] {
  const [first, ...others] = traces.map((trace) => exemption(trace, begins))
  const same = (one: Hop | undefined): boolean =>
    one?.namespace === first?.namespace && one?.chain === first?.chain && one?.rule === first?.rule
  if (!first || first.by === 'kernel' || first.rule === undefined || !others.every(same)) return []
  const { namespace, by, table = '', chain = '', rule, text = '' } = first
  return [
    {
      place: places[namespace]?.label ?? namespace,
      host: dial.host,
      port: dial.port,
      answer: true,
      by,
      family: familyOf(first.before.src) === 6 ? 6 : 4,
      table,
      chain,
      rule,
      text,
      handle: handleOf(first, topology.namespaces[namespace]) ?? null,
    },
  ]
}

/** Where the call was translated and its answer, exempt, is not translated back. */
function exemption({ hops, verdict, back }: Trace, begins: PathWalk['begins']): Hop | undefined {
  if (verdict.kind !== 'delivered' || !back || (begins === 'source' && back.verdict.kind === 'returned'))
    return undefined
  return back.hops.find((hop) => hop.does === 'notrack' && among(hops, hop) && !among(back.hops, hop))
}

/** Whether a packet was translated, on its way, in the namespace of a hop. */
const among = (way: readonly Hop[], { namespace }: Hop): boolean =>
  way.some((hop) => hop.namespace === namespace && isTranslated(hop.before, hop.after))

const isTranslated = (before: Tuple, after: Tuple): boolean =>
  before.src !== after.src || before.dst !== after.dst || before.sport !== after.sport || before.dport !== after.dport
