import { isLoopback, isMulticast } from '../ipaddr.ts'
import { inside } from './address.ts'
import { isUnsure } from './answer.ts'
import { lookup, routeText } from './fib.ts'
import { familyOfPacket } from './packet.ts'
import { larger, ofDevice, setting } from './settings.ts'
import { validSource } from './validate.ts'
import { chosen } from './way.ts'
import type { Way } from './way.ts'
import { note, unknownAt, whereOf } from './world.ts'
import type { Sight } from './world.ts'
import type { Unreachable, Verdict } from './types.ts'

export type Arrived = { readonly local: true } | { readonly way: Way } | { readonly verdict: Verdict }

/** Where a packet that came in goes: to this namespace or on, if it `forwards` (net/ipv4/route.c, ip_route_input_slow). */
export function arrive(sight: Sight, forwards = true): Arrived {
  const { space, packet, iif } = sight
  const family = familyOfPacket(packet)
  const strange = martian(sight)
  if (strange) return { verdict: strange }
  const { src, dst, mark, proto, sport, dport, ports } = packet
  const found = lookup(space, family, { src, dst, iif, mark, uid: 0, proto, sport, dport, ports })
  if (found.kind === 'unknown')
    return { verdict: unknownAt(whereOf(sight, found.text === undefined ? {} : { text: found.text }), found.because) }
  if (found.kind !== 'route') return { verdict: noWay(sight, found.kind, found.text) }
  const { route } = found
  if (route.type === 'local') {
    const ended = source(sight, undefined)
    if (ended) return { verdict: ended }
    note(sight, 'local', { text: routeText(route) })
    return { local: true }
  }
  const off = forwards ? forwardingOff(sight) : undefined
  if (off) return { verdict: off }
  const way = chosen({ ...sight, oif: '' }, route)
  if ('verdict' in way) return way
  const ended = source(sight, way.way.dev)
  if (ended) return { verdict: ended }
  note({ ...sight, oif: way.way.dev }, 'route', { text: routeText(route) })
  return way
}

function martian(sight: Sight): Verdict | undefined {
  const { space, packet, iif } = sight
  const { src, dst } = packet
  if (familyOfPacket(packet) === 6) return undefined
  const dropped = (why: string): Verdict => ({ kind: 'dropped', why, by: whereOf(sight) })
  if (isMulticast(src) || src === '255.255.255.255' || inside('0.0.0.0/8', src)) return dropped(`martian source ${src}`)
  if (inside('0.0.0.0/8', dst)) return dropped(`martian destination ${dst}`)
  const loop = [dst, src].find((one) => isLoopback(one))
  if (loop === undefined) return undefined
  const allowed = larger(space, 4, iif, 'route_localnet')
  const text = `net.ipv4.conf.${iif}.route_localnet`
  if (allowed === undefined)
    return unknownAt(whereOf(sight, { text }), `whether ${iif} routes 127.0.0.0/8 is not known`)
  if (allowed > 0) return undefined
  const why = `martian ${loop === dst ? 'destination' : 'source'} ${loop}: route_localnet of ${iif} is 0`
  return { kind: 'dropped', why, by: whereOf(sight, { text }) }
}

function source(sight: Sight, oif: string | undefined): Verdict | undefined {
  const { space, packet, iif } = sight
  const { src, dst, mark } = packet
  const arrival = { src, dst, mark, packet, dev: iif, ...(oif === undefined ? {} : { oif }) }
  const valid = validSource(space, familyOfPacket(packet), arrival)
  if (valid === true) return undefined
  if (isUnsure(valid)) return unknownAt(whereOf(sight), valid.unknown)
  return { kind: 'dropped', why: valid.drop, by: whereOf(sight, { text: `net.ipv4.conf.${iif}.rp_filter` }) }
}

/** A host that does not forward drops without a word. */
export function forwardingOff(sight: Sight): Verdict | undefined {
  const { space, packet, iif } = sight
  const four = familyOfPacket(packet) === 4
  const key = four ? `net.ipv4.conf.${iif}.forwarding` : 'net.ipv6.conf.all.forwarding'
  // IPv6 asks the setting of all devices, and newer kernels one more of the device.
  const values = four
    ? [ofDevice(space, 4, iif, 'forwarding')]
    : [setting(space, key), ofDevice(space, 6, iif, 'force_forwarding') ?? 0]
  if (values.some((value) => typeof value === 'number' && value > 0)) return undefined
  const where = whereOf(sight, { text: `${key} = 0` })
  if (values.some((value) => typeof value !== 'number'))
    return unknownAt(whereOf(sight, { text: key }), `whether ${iif} forwards is not known`)
  return { kind: 'dropped', why: `${iif} does not forward`, by: where }
}

/** No route: the sender is told, unless this namespace does not forward or the route is a black hole. */
function noWay(sight: Sight, how: Unreachable, text: string): Verdict {
  const where = whereOf(sight, { text })
  if (how === 'blackhole') return { kind: 'dropped', why: text, by: where }
  const silent = familyOfPacket(sight.packet) === 4 ? forwardingOff(sight) : undefined
  return silent ?? { kind: 'unreachable', how, why: text, by: where }
}
