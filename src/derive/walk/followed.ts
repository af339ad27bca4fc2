import { derivation, notKnown, type AnyDerivation } from '../derivation.ts'
import { linked } from '../path/place.ts'
import { isEveryAddressKnown } from './addresses.ts'
import { beginningOf, startNeeds } from './beginning.ts'

const waits = ['path.dials', 'path.registered', 'path.port', 'path.caller-namespace', 'every.node.allocations'] as const

/** What a walk that is missing could change is not settled before this is known. */
export const followedDerivation: AnyDerivation = derivation({
  provides: 'path.followed',
  about: 'path',
  from: ['path.network', 'path.walks'],
  maybe: [...waits, ...startNeeds, 'path.lookups.task', 'target.node.addresses'],
  waits,
  shows: 'path.walks',
  make: ({ 'path.network': network }, known, thing) => {
    // Nobody is named, and nobody will be: what comes to the client of the target is all there is.
    if (thing.names.caller === undefined) return true as const
    if (!isEveryAddressKnown(thing, known)) return notKnown('not every address of the path is known')
    const nobody = known['path.caller-namespace'] === 'outside' || linked(thing, 'source.node') === 'nobody'
    if (!nobody && !beginningOf(thing, network, known)) return notKnown('where packets start is not known')
    return true as const
  },
})
