import type { Attempt } from '../../knowledge/shapes/runtime.ts'
import type { Thing } from '../../knowledge/things.ts'
import { derivation, made, notKnown, type Maybe } from '../derivation.ts'
import { toldIn } from './literals.ts'
import { linked } from './place.ts'
import { wayNeeds } from './ways.ts'

const good: readonly Attempt['outcome'][] = ['answered', 'connected']

/** Where nothing more can tell which addresses it calls, it is taken to call the registered one. */
const isRead = (known: Maybe<(typeof wayNeeds)[number]>, thing: Thing): boolean =>
  thing.names.caller === undefined ||
  linked(thing, 'source.group') === 'nobody' ||
  wayNeeds.every(
    (need) =>
      known[need] !== undefined ||
      (need === 'target.group.spec' && linked(thing, 'target.group') === 'nobody') ||
      (need === 'target.alloc.record' && linked(thing, 'target.alloc') === 'nobody'),
  )

/**
 * What the source itself meets: from its own namespace, or from its client when it has none of its own. The address the person
 * says it dials counts, or the registered one, unless the source has others written down; where the target has no mapped port, any
 * address that answers does.
 */
export const reachedDerivation = derivation({
  provides: 'path.reached',
  about: 'path',
  from: ['path.attempts'],
  maybe: ['path.port', 'path.discovery', 'path.dials', ...wayNeeds],
  waits: ['path.discovery', 'path.dials'],
  make: ({ 'path.attempts': attempts }, known, thing) => {
    const { 'path.port': port, 'path.discovery': way, 'path.dials': dials } = known
    if (!port && linked(thing, 'target.group') !== 'nobody') return notKnown("the target's port is not known")
    const told = toldIn(thing.names.dials)
    if (told?.proto === 'udp') return notKnown('the source calls by UDP, and attempts are made by TCP alone')
    const [address, number] = [told?.host || port?.mapped?.hostIp, told?.port ?? port?.mapped?.hostPort]
    const fromSource = attempts.filter(({ from }) => from === 'source')
    const tried = fromSource.length > 0 ? fromSource : attempts.filter(({ from }) => from === 'source-node')
    const clear = tried.filter(({ outcome }) => outcome !== 'unclear')
    if (told === undefined && (way === undefined ? !isRead(known, thing) : way === 'fixed-address' && !dials))
      return notKnown('which addresses the source calls is not known')
    const written = told === undefined && way === 'fixed-address' ? (dials ?? []) : []
    const isTried = written.some((dial) => tried.some(({ host, port }) => host === dial.host && port === dial.port))
    if (written.length > 0 && !isTried && address !== undefined)
      return notKnown(
        `what the source calls was not tried: ${written.map(({ host, port }) => (port === undefined ? host : `${host}:${port}`)).join(', ')}`,
        'not-asked',
      )
    const registered = clear.filter(({ host, port }) => host === address && port === number)
    const meant = registered.length > 0 ? registered : clear
    if (meant.length === 0) return notKnown('no attempt was made from the source', 'not-asked')
    const shown = meant.map(({ place, host, port, outcome }) => `${place} to ${host}:${port}: ${outcome}`)
    const [well, unsteady] = [
      meant.some(({ outcome }) => good.includes(outcome)),
      meant.some(({ outcome }) => outcome === 'sometimes'),
    ]
    // Another address that answers every time says nothing for the one that is meant.
    const steady = well && (registered.length === 0 || !unsteady)
    return made(steady ? 'answered' : unsteady ? 'sometimes' : 'fails', shown.join('\n'))
  },
})
