import type { PathWalk, SixDoor } from '../../knowledge/shapes/walk.ts'
import type { AllocRecord } from '../../knowledge/shapes/runtime.ts'
import { familyOf, isLoopback } from '../../packet/ipaddr.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { placeOf } from './beginning.ts'

export const sixDerivation: AnyDerivation = derivation({
  provides: 'path.six-door',
  about: 'path',
  from: ['path.past', 'path.port'],
  maybe: ['path.followed', 'path.caller-namespace', 'target.alloc.record'],
  waits: ['path.followed', 'path.caller-namespace', 'target.alloc.record'],
  shows: 'path.past',
  make: ({ 'path.past': walks, 'path.port': { mapped } }, known, { links }) => {
    if (!mapped || familyOf(mapped.hostIp) !== 4)
      return made<SixDoor | null>(null, 'the port is not mapped by an IPv4 address')
    const { 'path.followed': whole, 'path.caller-namespace': caller, 'target.alloc.record': record } = known
    const called = walks.filter(({ dial: { host, port } }) => familyOf(host) === 6 && port === mapped.hostPort)
    const shut = called.flatMap((walk) =>
      shutAt(walk, placeOf(walk.places, 'client', links['target.node']), caller === 'outside', record),
    )[0]
    if (shut) {
      const { dial, label, outcome } = shut
      return made<SixDoor | null>(
        { place: label, address: dial.host, port: dial.port, from: dial.from, outcome, mapped: mapped.hostIp },
        `${dial.from}: [${dial.host}]:${dial.port}: ${outcome} at ${label}`,
      )
    }
    return !whole || called.some(({ outcome }) => outcome === 'unknown' || (!record && outcome === 'unreachable'))
      ? notKnown('how a connection over IPv6 fares is not known')
      : made<SixDoor | null>(
          null,
          called.length === 0 ? 'nobody calls the host port over IPv6' : 'it is reached over IPv6',
        )
  },
})

/**
 * The client itself answers for the port, or a call to its own loopback address goes nowhere; or the caller has no way
 * over IPv6, which would lead nowhere either: the allocation has no such address.
 */
function shutAt(
  { dial, begins, start, traces, outcome, places }: PathWalk,
  node: string | undefined,
  outside: boolean,
  record: AllocRecord | undefined,
) {
  const label = node === undefined ? undefined : places[node]?.label
  if ((begins !== 'source' && !outside) || label === undefined || outcome === 'unknown' || outcome === 'answered')
    return []
  const loop = isLoopback(dial.host)
  if (loop && start.namespace !== node) return []
  const atClient = traces.every(({ verdict }) => verdict.kind === 'refused' && verdict.namespace === node)
  const own = places[start.namespace]
  const atHome = traces.every(
    ({ verdict }) =>
      verdict.kind === 'unreachable' && verdict.how === 'no-route' && verdict.by.namespace === start.namespace,
  )
  if (begins === 'source' && atHome && !loop && own && start.namespace !== node && record && !record.addressV6)
    return [{ dial, label: own.label, outcome }]
  return loop || atClient ? [{ dial, label, outcome }] : []
}
