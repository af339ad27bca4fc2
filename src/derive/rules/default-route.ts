import type { Link, Route } from '../../knowledge/shapes/packet.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'

/** The routes of an allocation, seen at one moment with its interfaces. */
export const defaultRouteDerivation: AnyDerivation = derivation({
  provides: 'alloc.default-route',
  about: 'alloc',
  from: ['alloc.routes'],
  maybe: ['alloc.links'],
  shows: 'alloc.routes',
  make: ({ 'alloc.routes': routes }, { 'alloc.links': links }) => {
    const found = routes.find(({ dst, type }) => dst === 'default' && type === 'unicast')
    if (found) return made('there', `default via ${found.gateway ?? ''} dev ${found.dev ?? ''}`)
    if (!links) return notKnown('the interfaces of the allocation are not known')
    const eth0 = links.find(({ name }) => name === 'eth0')
    // Whoever flushes the routes leaves those of the own addresses, which go with the interface alone.
    if (eth0 && isApart(eth0, routes))
      return notKnown(
        'eth0 has an address, and no route is left for it: the replies are not of one moment, as where the network is taken down',
      )
    return made('none', `${routes.length} routes, none of them the default one`)
  },
})

const isApart = ({ name, addresses }: Link, routes: readonly Route[]): boolean =>
  addresses.some(({ family }) => family === 4) && !routes.some(({ dev }) => dev === name)
