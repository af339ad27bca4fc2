import type { PathWalk, SixDoor } from '../../knowledge/shapes/walk.ts'
import { familyOf, isLoopback } from '../../packet/ipaddr.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { placeOf } from './beginning.ts'

export const sixDerivation: AnyDerivation = derivation({
  provides: 'path.six-door',
  about: 'path',
  from: ['path.past', 'path.port'],
  maybe: ['path.followed'],
  waits: ['path.followed'],
  shows: 'path.past',
  make: ({ 'path.past': walks, 'path.port': { mapped } }, { 'path.followed': whole }, { links }) => {
    if (!mapped || familyOf(mapped.hostIp) !== 4)
      return made<SixDoor | null>(null, 'the port is not mapped by an IPv4 address')
    const called = walks.filter(({ dial: { host, port } }) => familyOf(host) === 6 && port === mapped.hostPort)
    const shut = called.flatMap((walk) => shutAt(walk, placeOf(walk.places, 'client', links['target.node'])))[0]
    if (shut) {
      const { dial, label, outcome } = shut
      return made<SixDoor | null>(
        { place: label, address: dial.host, port: dial.port, from: dial.from, outcome, mapped: mapped.hostIp },
        `${dial.from}: [${dial.host}]:${dial.port}: ${outcome} at ${label}`,
      )
    }
    return !whole || called.some(({ outcome }) => outcome === 'unknown')
      ? notKnown('how a connection over IPv6 fares is not known')
      : made<SixDoor | null>(
          null,
          called.length === 0 ? 'nobody calls the host port over IPv6' : 'it is reached over IPv6',
        )
  },
})

/** The client itself answers for the port, or a call to its own loopback address goes nowhere. */
function shutAt({ dial, begins, start, traces, outcome, places }: PathWalk, node: string | undefined) {
  const label = node === undefined ? undefined : places[node]?.label
  if (begins !== 'source' || label === undefined || outcome === 'unknown' || outcome === 'answered') return []
  const loop = isLoopback(dial.host)
  if (loop && start.namespace !== node) return []
  const atClient = traces.every(({ verdict }) => verdict.kind === 'refused' && verdict.namespace === node)
  return loop || atClient ? [{ dial, label, outcome }] : []
}
