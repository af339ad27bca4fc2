import { isLinkLocal, isLoopback, isMulticast } from '../ipaddr.ts'
import type { Route } from '../ip-route.ts'
import { deviceKey } from '../sysctl.ts'
import { inside } from './address.ts'
import { isUnsure } from './answer.ts'
import { arrivedAsMeant } from './as-meant.ts'
import { unlessPassed } from './beyond.ts'
import { routeText } from './fib.ts'
import { lookupPast } from './lookup-past.ts'
import { familyOfPacket } from './packet.ts'
import { larger, ofDevice, setting } from './settings.ts'
import { validSource } from './validate.ts'
import { chosen, noteRoute } from './way.ts'
import type { Way } from './way.ts'
import { note, unknownAt, whereOf } from './world.ts'
import type { Sight } from './world.ts'
import type { Unreachable, Verdict } from './types.ts'

export type Arrived =
  | { readonly local: true; readonly route?: Route }
  | { readonly way: Way }
  | { readonly verdict: Verdict }

/** Where a packet that came in goes: to this namespace or on, if it `forwards` (net/ipv4/route.c, ip_route_input_slow). */
export function arrive(sight: Sight, forwards = true): Arrived {
  const { world } = sight
  const strange = unlessPassed(world, martian(sight))
  if (strange) return { verdict: strange }
  const routed = way(sight, forwards)
  const found = arrivedAsMeant(sight, routed)
  if ('verdict' in found) return found
  // Where the routes say nothing, whether it forwards was not asked yet.
  const off = 'way' in found && !('way' in routed) && forwards ? unlessPassed(world, forwardingOff(sight)) : undefined
  const ended = off ?? unlessPassed(world, source(sight, 'way' in found ? found.way.dev : undefined))
  if (ended) return { verdict: ended }
  if ('way' in found && found === routed) noteRoute(sight, found.way)
  else if ('local' in found && found.route) note(sight, 'local', { text: routeText(found.route) })
  return found
}

function way(sight: Sight, forwards: boolean): Arrived {
  const { world, space, packet, iif } = sight
  const { src, dst, mark, tos, proto, sport, dport, ports } = packet
  // IPv6 looks for what is of one device on that device alone (rt6_need_strict).
  const strict = familyOfPacket(packet) === 6 && (isLoopback(dst) || isLinkLocal(dst))
  const asked = { src, dst, iif, mark, tos, uid: 0, proto, sport, dport, ports, ...(strict ? { on: iif } : {}) }
  const found = lookupPast(world, space, familyOfPacket(packet), asked, ({ kind, text }) => noWay(sight, kind, text))
  if (found.kind === 'unknown')
    return { verdict: unknownAt(whereOf(sight, found.text === undefined ? {} : { text: found.text }), found.because) }
  if (found.kind !== 'route') return { verdict: noWay(sight, found.kind, found.text) }
  const { route } = found
  if (route.type === 'local') return { local: true, route }
  const off = forwards ? unlessPassed(world, forwardingOff(sight)) : undefined
  return off ? { verdict: off } : chosen({ ...sight, oif: '' }, route)
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
  const text = deviceKey(4, iif, 'route_localnet')
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
  const text = deviceKey(4, iif, 'rp_filter')
  if (isUnsure(valid)) return unknownAt(whereOf(sight, { text }), valid.unknown)
  return { kind: 'dropped', why: valid.drop, by: whereOf(sight, valid.filter ? { text } : {}) }
}

/** A host that does not forward drops without a word. */
export function forwardingOff(sight: Sight): Verdict | undefined {
  const { space, packet, iif } = sight
  const four = familyOfPacket(packet) === 4
  const key = four ? deviceKey(4, iif, 'forwarding') : 'net.ipv6.conf.all.forwarding'
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
  const silent = familyOfPacket(sight.packet) === 4 ? unlessPassed(sight.world, forwardingOff(sight)) : undefined
  return silent ?? { kind: 'unreachable', how, why: text, by: where }
}
