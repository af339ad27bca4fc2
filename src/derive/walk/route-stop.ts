import type { RouteStop } from '../../knowledge/shapes/walk.ts'
import { equal } from '../../packet/ipaddr.ts'
import { derivation, made, notKnown, showing, type AnyDerivation, type Maybe } from '../derivation.ts'
import { linked } from '../path/place.ts'
import { routeStopsIn } from './route-ends.ts'
import { whyUnknown } from './rule-stop.ts'
import { shownAt } from './shown.ts'
import { stopping } from './stopping.ts'

/** What tells whether an address is the target's. */
export const targetNeeds = [
  'path.inbound.way',
  'path.registered',
  'target.alloc.record',
  'target.node.addresses',
  'target.node.links',
] as const

export const routeStopDerivation: AnyDerivation = derivation({
  provides: 'path.route-stops',
  about: 'path',
  from: ['path.past', 'path.network'],
  maybe: ['path.followed', 'path.attempts', ...targetNeeds],
  waits: ['path.followed', 'path.attempts'],
  make: ({ 'path.past': walks, 'path.network': network }, known, thing) => {
    const { differs, lost, ...found } = stopping(walks, known['path.attempts'] ?? [], (one) =>
      routeStopsIn(one, network),
    )
    const stops = once(found.stops)
    const nobody = linked(thing, 'target.alloc') === 'nobody'
    const meant = stops.map(({ to, answer }) => answer || nobody || isTarget(to, known))
    const blamed = stops.filter((_, i) => meant[i] === true)
    if (blamed.length > 0)
      return showing(
        made<readonly RouteStop[]>(blamed, blamed.map(stopLine).join('\n')),
        shownAt(
          blamed.map((stop) => ({
            where: { namespace: stop.place, at: 'route', by: 'kernel', text: stop.text },
            six: stop.family === 6,
            line: stopLine(stop),
          })),
          network,
        ),
      )
    if (meant.includes(undefined)) return notKnown('whether the packet is on its way to the target is not known')
    if (differs) return notKnown("it depends on the caller's address", 'not-named')
    if (lost) return notKnown(whyUnknown(lost))
    if (!known['path.followed']) return notKnown('where packets start, or to which addresses, is not known')
    return made<readonly RouteStop[]>(
      [],
      stops.length === 0 ? 'no connection ends at a route that forbids it' : 'what ends there is for another address',
    )
  },
})

/** Whether an address is one of the target's or its client's: what keeps a packet from elsewhere is not at fault. Undefined: not known. */
export function isTarget(to: string, known: Maybe<(typeof targetNeeds)[number]>): boolean | undefined {
  const {
    'path.inbound.way': way,
    'path.registered': registered,
    'target.alloc.record': record,
    'target.node.addresses': fingerprinted,
    'target.node.links': links,
  } = known
  const all = [
    ...(way ? [way.address, way.inside?.address] : []),
    ...(registered ?? []).map(({ address }) => address),
    ...(record ? [record.address, record.addressV6, ...record.ports.map(({ hostIp }) => hostIp)] : []),
    ...(fingerprinted ?? []),
    ...(links ?? []).flatMap(({ addresses }) =>
      addresses.flatMap((one) => (one.scope === 'global' ? [one.address] : [])),
    ),
  ]
  if (all.some((one) => one !== undefined && equal(one, to))) return true
  return way === undefined || !registered || !record || !fingerprinted || !links ? undefined : false
}

const stopLine = ({ host, port, answer, place, what, text }: RouteStop): string =>
  `${host}:${port}: ${answer ? 'the answer ends' : 'ends'} at ${place}, ${what === 'rule' ? 'policy rule' : 'route'} ${text}`

/** Each once: it may stop calls to several addresses, and answers besides. */
const once = (stops: readonly RouteStop[]): readonly RouteStop[] =>
  stops.filter((one, i) => stops.findIndex((other) => keyOf(other) === keyOf(one)) === i)

const keyOf = ({ place, family, what, text }: RouteStop): string => JSON.stringify([place, family, what, text])
