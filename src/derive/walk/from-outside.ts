import type { Start } from '../../knowledge/shapes/packet.ts'
import type { PathNetwork } from '../../knowledge/shapes/walk.ts'
import type { Thing } from '../../knowledge/things.ts'
import { familyOf } from '../../packet/ipaddr.ts'
import { arrival } from '../rules/arrival.ts'
import type { Called } from './addresses.ts'
import { placeOf } from './beginning.ts'

interface FromOutside {
  readonly dial: Called
  readonly start: Start
  readonly src: string
}

/** Calls over IPv6 of a caller outside that is named by its address, as they come to the target's client: the way there is one of IPv4. */
export function fromOutside({ topology, places }: PathNetwork, thing: Thing, called: readonly Called[]): FromOutside[] {
  const node = placeOf(places, 'client', thing.links['target.node'])
  const links = node === undefined ? undefined : topology.namespaces[node]?.links
  if (node === undefined || !links || !thing.names.caller?.startsWith('outside:')) return []
  return called.flatMap((dial) => {
    if (familyOf(dial.host) !== 6) return []
    const side = arrival(thing.names, 'lan', dial.host, links, {})
    if (typeof side === 'string' || side.anyone) return []
    const start = { namespace: node, ...(side.in === '' ? {} : { arrives: side.in }) }
    return side.sources.map((src) => ({ dial, start, src }))
  })
}
