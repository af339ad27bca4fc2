import type { Where } from '../../knowledge/shapes/packet.ts'
import type { PathWalk, RuleStop } from '../../knowledge/shapes/walk.ts'
import { derivation, made, notKnown, showing, type AnyDerivation } from '../derivation.ts'
import { isClient } from './addresses.ts'
import { placeOf } from './beginning.ts'
import { whereLine } from './lines.ts'
import { isNamed, type Stops } from './named.ts'
import { shownAt } from './shown.ts'
import { stopping } from './stopping.ts'
import { stopsIn } from './stops.ts'

const waits = ['path.followed', 'path.attempts', 'path.forward', 'path.inbound.input', 'path.firewalld'] as const

export const ruleStopDerivation: AnyDerivation = derivation({
  provides: 'path.rule-stops',
  about: 'path',
  from: ['path.past', 'path.network'],
  maybe: waits,
  waits,
  make: ({ 'path.past': walks, 'path.network': network }, known, thing) => {
    const { open, differs, lost, ...found } = stopping(walks, known['path.attempts'] ?? [], (one) =>
      stopsIn(one, network),
    )
    const stops = once(found.stops)
    // Its own sockets are what is called.
    const client = isClient(thing) ? placeOf(network.places, 'client', thing.links['target.node']) : undefined
    const meant = stops.map((stop) => (client === stop.place && stop.hook === 'input') || isMeant(stop, known, open))
    const blamed = stops.filter((stop, i) => meant[i] === true && !isNamed(stop, known))
    if (blamed.length > 0)
      return showing(
        made<readonly RuleStop[]>(
          blamed,
          blamed.map((stop) => `${stopLine(stop)}: ${stop.text ?? `policy of ${stop.chain}`}`).join('\n'),
        ),
        shownAt(
          blamed.map((stop) => ({ where: whereOf(stop), six: stop.family === 6, line: stopLine(stop) })),
          network,
        ),
      )
    if (meant.includes(undefined)) return notKnown('whether the packet goes the way it is meant to is not known')
    if (differs) return notKnown("it depends on the caller's address", 'not-named')
    if (lost) return notKnown(whyUnknown(lost))
    if (!known['path.followed']) return notKnown('where packets start, or to which addresses, is not known')
    return made<readonly RuleStop[]>([], nothing(stops, meant))
  },
})

/**
 * A firewall keeps out what goes astray: an address nobody listens at, a port that is not translated, a route that is
 * missing. A rule is at fault for what is stopped on the way the client is meant to send it. Undefined: not known.
 */
function isMeant(stop: RuleStop, known: Stops, past: readonly PathWalk[]): boolean | undefined {
  const { hook, answer, place, family } = stop
  if (answer || !place.startsWith('client ')) return true
  if (hook !== 'forward' && hook !== 'input') return true
  const right = (): boolean | undefined =>
    comesRight(past.filter(({ dial }) => dial.host === stop.host && dial.port === stop.port))
  if (family === 6) return right()
  const stopped = known[hook === 'forward' ? 'path.forward' : 'path.inbound.input']
  if (stopped === undefined) return undefined
  return stopped !== null || right() === true
}

/**
 * The ways of a client are read for IPv4 alone, by its devices and not by the ports of its bridges, and for the protocol
 * that is told: a packet was sent right, too, that comes past the rule to who is meant.
 */
function comesRight(past: readonly PathWalk[]): boolean | undefined {
  const came = past.flatMap(({ traces, meant }) =>
    traces.map(({ verdict }) =>
      verdict.kind === 'unknown'
        ? undefined
        : verdict.kind === 'delivered' && (meant?.includes(verdict.namespace) ?? true),
    ),
  )
  return came.includes(true) ? true : came.includes(undefined) ? undefined : false
}

const nothing = (stops: readonly RuleStop[], meant: readonly (boolean | undefined)[]): string =>
  stops.length === 0
    ? 'no connection ends at a rule'
    : meant.includes(true)
      ? 'the rule is named by a fault of its own'
      : 'the packet ends where it was not meant to go'

const stopLine = ({ host, port, answer, place, by, table, chain }: RuleStop): string =>
  `${host}:${port}: ${answer ? 'the answer ends' : 'ends'} at ${place}, ${by}, table ${table}, chain ${chain}`

const whereOf = ({ place, hook, by, table, chain, rule, text, verdict }: RuleStop): Where => ({
  namespace: place,
  at: hook,
  by,
  table,
  chain,
  ...(rule === null ? {} : { rule }),
  text: text ?? `policy ${verdict.toUpperCase()}`,
})

/** Each rule once, with all it stops: calls to several addresses, and answers besides. */
const once = (stops: readonly RuleStop[]): readonly RuleStop[] =>
  [...Map.groupBy(stops, ruleOf).values()].flatMap((group) => {
    const [first] = group
    const packets = new Map(group.flatMap((one) => one.packets).map((one) => [JSON.stringify(one), one]))
    return first ? [{ ...first, packets: [...packets.values()] }] : []
  })

const ruleOf = ({ place, by, table, chain, rule, family }: RuleStop): string =>
  JSON.stringify([place, by, table, chain, rule, family])

/** Where and why the first walk that is not known is lost. */
export function whyUnknown({ places, traces }: PathWalk): string {
  for (const { verdict, back } of traces)
    for (const end of [verdict, back?.verdict])
      if (end?.kind === 'unknown') return `${whereLine(places, end.where)}: ${end.because}`
  return 'rules decide by chance'
}
