import { isAnswered } from '../../knowledge/measured.ts'
import type { Hop, Trace } from '../../knowledge/shapes/packet.ts'
import type { Diverted } from '../../knowledge/shapes/diverted.ts'
import type { PathNetwork, PathWalk } from '../../knowledge/shapes/walk.ts'
import { familyOf } from '../../packet/ipaddr.ts'
import { derivation, made, notKnown, showing, type AnyDerivation, type Maybe } from '../derivation.ts'
import { linked } from '../path/place.ts'
import { placeOf } from './beginning.ts'
import { handleOf } from './left-by.ts'
import { isTarget, targetNeeds } from './route-stop.ts'
import { shownAt } from './shown.ts'

const waits = ['path.walks', 'path.network', 'path.followed', 'path.attempts'] as const

export const divertedDerivation: AnyDerivation = derivation({
  provides: 'path.diverted',
  about: 'path',
  from: [],
  maybe: [...waits, 'path.port', ...targetNeeds],
  waits,
  shows: 'path.walks',
  make: (_, known, thing, missed) => {
    const [here, there] = [linked(thing, 'source.node'), thing.links['target.node']]
    const { 'path.walks': walks, 'path.network': network, 'path.attempts': attempts = [] } = known
    if (here === 'nobody') return made<Diverted | null>(null, 'the caller is on no client')
    // What the target's client makes of a call is told by the way through it.
    if (here !== 'unsure' && here.id === there)
      return made<Diverted | null>(null, 'caller and target are on the same client')
    if (!walks || !network) {
      const { why, detail } = missed['path.walks'] ?? {}
      return notKnown(detail ?? 'how a call of the source fares is not known', why)
    }
    const client = placeOf(network.places, 'client', thing.links['source.node'])
    const own = walks.filter(({ begins }) => begins === 'source')
    const turns = own.map((walk) => (client === undefined ? undefined : turnOf(walk, client, known)))
    for (const [at, turn] of turns.entries()) {
      const walk = own[at]
      if (!turn || !walk) continue
      const found = divertedBy(turn, walk, network, isAnswered(walk, attempts))
      const { hook, rule, by, table, chain, text, family, place } = found
      const line = `${place}: ${found.host}:${found.port} becomes ${found.to.address}:${found.to.port}`
      const where = { namespace: turn.namespace, at: hook, by, table, chain, rule, text }
      return showing(made<Diverted | null>(found, line), shownAt([{ where, six: family === 6, line }], network))
    }
    if (turns.includes(undefined))
      return notKnown("what the rules of the source's client make of the call is not known")
    if (!known['path.followed']) return notKnown('where packets start, or to which addresses, is not known')
    return made<Diverted | null>(null, "no rule of the source's client sends a call of the target elsewhere")
  },
})

type Known = Maybe<'path.port' | (typeof targetNeeds)[number]>

/** The one rule by which every way of the packet leaves for another place; null: there is none. */
function turnOf(walk: PathWalk, client: string, known: Known): Hop | null | undefined {
  const { traces, dial } = walk
  const turns = traces.map((trace) => turnIn(walk, trace, client, known))
  const [first] = turns
  if (turns.every((one) => one === null)) return null
  if (!first || turns.some((one) => !one || ruleOf(one) !== ruleOf(first))) return undefined
  const [called, port] = [isTarget(dial.host, known), isItsPort(dial.port, known)]
  if (called && port) return first
  return called === false || port === false ? null : undefined
}

function turnIn({ meant, start }: PathWalk, trace: Trace, client: string, known: Known): Hop | null | undefined {
  const { hops, verdict, tuple } = trace
  const hop = hops.find((one) => one.namespace === client && isFirst(one) && isMoved(one))
  if (!hop) {
    if (verdict.kind !== 'unknown') return null
    const { namespace, at } = verdict.where
    // Behind its first hook it is sent to where it was meant to go.
    return (namespace === client && isFirst({ at })) || (namespace === start.namespace && namespace !== client)
      ? undefined
      : null
  }
  if (verdict.kind === 'delivered' || verdict.kind === 'refused') {
    if (meant?.includes(verdict.namespace)) return null
    return meant !== undefined || verdict.namespace === client ? hop : undefined
  }
  const target = isTarget(tuple.dst, known)
  return target === undefined ? undefined : target ? null : hop
}

const isFirst = ({ at }: Pick<Hop, 'at'>): boolean => at === 'prerouting' || at === 'output'
const isMoved = ({ by, does, before, after }: Hop): boolean =>
  by !== 'kernel' && does !== 'meant' && (before.dst !== after.dst || before.dport !== after.dport)
const ruleOf = ({ by, table, chain, rule }: Hop): string => JSON.stringify([by, table, chain, rule])

/** Whether the port of a call is one of the target's. */
function isItsPort(port: number, { 'path.port': asked, 'path.registered': registered }: Known): boolean | undefined {
  const own = [asked?.mapped?.hostPort, asked?.number, ...(registered ?? []).map((one) => one.port)]
  return own.includes(port) ? true : asked && registered ? false : undefined
}

function divertedBy(hop: Hop, { dial, places }: PathWalk, network: PathNetwork, answered: boolean): Diverted {
  const { namespace, at, by, table = '', chain = '', rule = 0, text = '', after } = hop
  return {
    place: places[namespace]?.label ?? namespace,
    host: dial.host,
    port: dial.port,
    from: dial.from,
    hook: at,
    family: familyOf(after.dst) === 6 ? 6 : 4,
    by: by === 'kernel' ? 'iptables' : by,
    table,
    chain,
    rule,
    text,
    handle: handleOf(hop, network.topology.namespaces[namespace]) ?? null,
    to: { address: after.dst, port: after.dport ?? dial.port },
    answered,
  }
}
