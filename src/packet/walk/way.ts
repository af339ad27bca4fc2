import { isLoopback, isUnspecified } from '../ipaddr.ts'
import type { Route } from '../ip-route.ts'
import { deviceKey } from '../sysctl.ts'
import { outAsMeant } from './as-meant.ts'
import { hopsOf, routeText, usableHop } from './fib.ts'
import type { NextHop } from './fib.ts'
import { lookupPast } from './lookup-past.ts'
import type { Forbidden } from './lookup-past.ts'
import { addressType, isLocal, sourceFor } from './local.ts'
import { familyOfPacket } from './packet.ts'
import type { Packet } from './packet.ts'
import { larger, setting } from './settings.ts'
import { note, unknownAt, whereOf } from './world.ts'
import type { Sight, Space, World } from './world.ts'
import type { Verdict, Where } from './types.ts'

/** The way a packet leaves a namespace. */
export interface Way {
  readonly dev: string
  /** Whose link address is needed: the gateway, or the destination itself. */
  readonly next: string
  readonly gateway?: string
  readonly route: Route
}

/** `source`: the address the packet has, or was given. */
export type Found = { readonly way: Way; readonly source: string } | { readonly verdict: Verdict }

const refused = (verdict: Verdict): { readonly verdict: Verdict } => ({ verdict })

/** The way out of a packet that is made here; the source is chosen when it has none. */
export function wayOut(world: World, space: Space, packet: Packet, device: string | undefined): Found {
  const family = familyOfPacket(packet)
  const sight: Sight = { world, space, packet, at: 'route', iif: '', oif: device ?? '' }
  const given = packet.src !== ''
  if (isUnspecified(packet.dst)) packet.dst = given ? packet.src : family === 4 ? '127.0.0.1' : '::1'
  const asked = {
    dst: packet.dst,
    src: packet.src,
    iif: 'lo',
    mark: packet.mark,
    tos: packet.tos,
    uid: packet.owner ? packet.owner.uid : 0,
    proto: packet.proto,
    sport: packet.sport,
    dport: packet.dport,
    ports: packet.ports,
    ...(device === undefined ? {} : { oif: device }),
  }
  const forbidden = ({ kind: how, text }: Forbidden): Verdict => ({
    kind: 'unreachable',
    how,
    why: text,
    by: whereOf(sight, { text }),
  })
  const found = lookupPast(world, space, family, asked, forbidden)
  if (found.kind === 'unknown') return refused(unknownAt(whereOf(sight, textual(found.text)), found.because))
  if (found.kind !== 'route') return refused(forbidden(found))
  const way = chosen(sight, found.route)
  if ('verdict' in way) return way
  if (!given) {
    const source = sourceFor(space, family, found.route, { dev: way.way.dev, gateway: way.way.gateway }, packet.dst)
    const where = whereOf(sight, { oif: way.way.dev, text: routeText(found.route) })
    if (source === undefined) return refused(noSource(way.way.dev, where, space))
    packet.src = source
    // The kernel looks the way up once more with the source, which must be its own (ip_route_connect).
    const foreign = family === 4 ? foreignSource(world, space, packet) : undefined
    if (foreign) return refused(foreign)
    const chooses = family === 4 && packet.owner && !packet.answers
    const again = chooses ? lookupPast(world, space, 4, { ...asked, src: source }, forbidden) : found
    if (again.kind === 'unknown') return refused(unknownAt(whereOf(sight, textual(again.text)), again.because))
    if (again.kind !== 'route') return refused(forbidden(again))
    if (again.route !== found.route) {
      const other = chosen(sight, again.route)
      return 'verdict' in other ? other : (martianOut(sight, other.way) ?? { ...other, source })
    }
  }
  const out = outAsMeant(sight, way.way)
  return martianOut(sight, out) ?? { way: out, source: packet.src }
}

const textual = (text: string | undefined): Partial<Where> => (text === undefined ? {} : { text })

const noSource = (dev: string, where: Where, space: Space): Verdict =>
  space.index.state.links
    ? { kind: 'unreachable', how: 'no-route', why: `${dev} has no address to send from`, by: where }
    : unknownAt(where, 'the addresses are not known')

/** A loopback source may leave by another device only where route_localnet allows it (__mkroute_output). */
function martianOut(sight: Sight, way: Way): { readonly verdict: Verdict } | undefined {
  const { packet, space } = sight
  if (familyOfPacket(packet) !== 4 || !isLoopback(packet.src) || way.dev === 'lo') return undefined
  const allowed = larger(space, 4, way.dev, 'route_localnet')
  const where = whereOf({ ...sight, oif: way.dev }, { text: deviceKey(4, way.dev, 'route_localnet') })
  if (allowed === undefined) return refused(unknownAt(where, `whether ${way.dev} routes 127.0.0.0/8 is not known`))
  if (allowed > 0) return undefined
  const why = `${way.dev} does not send packets from ${packet.src}: route_localnet is 0`
  // connect() gives EINVAL.
  return refused({ kind: 'unreachable', how: 'no-route', why, by: where })
}

/** One next hop of a route; each of several is a way of its own. */
export function chosen(sight: Sight, route: Route): { readonly way: Way } | { readonly verdict: Verdict } {
  const { space, packet, world } = sight
  const where = whereOf(sight, { text: routeText(route) })
  if (route.type === 'local') return { way: { dev: 'lo', next: packet.dst, route } }
  if (route.type !== 'unicast') return refused(unknownAt(where, `packets to a ${route.type} address are not modelled`))
  const hops = hopsOf(route).filter((hop) => usableHop(space.index, hop, sight.oif === '' ? {} : { oif: sight.oif }))
  const hop: NextHop | undefined = hops[hops.length > 1 ? world.choices.choose(hops.length) : 0]
  if (!hop?.dev) return refused(unknownAt(where, 'the route names no device'))
  if (hops.length > 1) world.chances.push({ where: { ...where, oif: hop.dev }, matched: true })
  const { dev } = hop
  // A gateway that is the device's own address is none: the target itself is on the device (fib_check_nh).
  const own =
    hop.gateway !== undefined && familyOfPacket(packet) === 4 && addressType(space, 4, hop.gateway, dev) === 'local'
  const gateway = own ? undefined : hop.gateway
  return { way: { dev, next: gateway ?? packet.dst, route, ...(gateway === undefined ? {} : { gateway }) } }
}

export function noteRoute(sight: Sight, way: Way): void {
  note({ ...sight, oif: way.dev }, 'route', { text: routeText(way.route) })
}

/** A program cannot send from an address its namespace does not have. */
export function foreignSource(world: World, space: Space, packet: Packet): Verdict | undefined {
  if (packet.src === '') return undefined
  const local = isLocal(space, familyOfPacket(packet), packet.src)
  if (local === true) return undefined
  const where = whereOf({ world, space, packet, at: 'route', iif: '', oif: '' })
  if (local === undefined) return unknownAt(where, 'the addresses of the namespace are not known')
  // Whether the socket may keep it is decided where it is bound.
  const foreign = `net.ipv${familyOfPacket(packet)}.ip_nonlocal_bind`
  if (setting(space, foreign) === 1)
    return unknownAt(where, `${packet.src} is no address of ${space.name}, and ${foreign} = 1`)
  return { kind: 'unreachable', how: 'no-route', why: `${packet.src} is no address of ${space.name}`, by: where }
}
