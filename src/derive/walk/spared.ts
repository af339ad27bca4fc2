import type { Untranslated, Way } from '../../knowledge/shapes/crossing.ts'
import type { Crossing, NamespaceState } from '../../knowledge/shapes/packet.ts'
import { change } from '../../packet/change/index.ts'
import { agreed, isUnsure } from './agreed.ts'
import { through } from './crossings.ts'
import { destinationIn } from './nat.ts'

type Spared = NonNullable<Untranslated['spared']>

/**
 * The rule of table nat that accepts a packet, or returns it, before its mapping is asked: of all that did, the one
 * without which the packet would be sent on to where it is meant.
 */
export function sparedBy(way: Way, crossings: readonly Crossing[], state: NamespaceState): Spared | undefined {
  const hook = way.in === '' ? 'output' : 'prerouting'
  const met = crossings.flatMap(({ hops }) =>
    hops.filter(({ at, table, does }) => at === hook && table === 'nat' && (does === 'accept' || does === 'return')),
  )
  for (const { by, chain = '', rule, text = '' } of met) {
    if (rule === undefined || by === 'kernel' || by === 'nftables') continue
    const program = by
    const changed = change(state, [program, '-t', 'nat', '-D', chain, String(rule)])
    if (!('state' in changed)) continue
    const then = agreed(through(way, changed.state), (one) => destinationIn(one, hook))
    if (!isUnsure(then) && then.kind === 'to' && then.address === way.inside?.address)
      return { program, chain, n: rule, rule: text }
  }
  return undefined
}
