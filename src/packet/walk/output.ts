import { wayAsMeant } from './as-meant.ts'
import { routeText } from './fib.ts'
import { hook } from './hooks.ts'
import { familyOfPacket, tupleOf } from './packet.ts'
import type { Packet } from './packet.ts'
import { policed } from './policies.ts'
import { end } from './stage.ts'
import type { Stage } from './stage.ts'
import { noteRoute, wayOut } from './way.ts'
import type { Way } from './way.ts'
import { note, unknownAt, whereOf } from './world.ts'
import type { Sight, Space, World } from './world.ts'
import type { Verdict } from './types.ts'

/** A packet made in a namespace: routing, the output hook, routing again where rules changed it. */
export function output(world: World, space: Space, packet: Packet, device: string | undefined): Stage {
  const found = wayOut(world, space, packet, device)
  if ('verdict' in found) return end(found.verdict)
  if (!packet.answers) world.asked = { namespace: space.name, arrives: undefined, tuple: tupleOf(packet) }
  // The device is the first one until the end of the hook, whatever rules change.
  const sight: Sight & { readonly at: 'output' } = { world, space, packet, at: 'output', iif: '', oif: found.way.dev }
  noteRoute({ ...sight, at: 'route' }, found.way)
  const wrapped = policed({ ...sight, at: 'route' }, 'out')
  if (wrapped) return end(wrapped)
  const big = packet.answers ? undefined : tooBig(sight, found.way)
  if (big) return end(big)
  let { way } = found
  const reroute = (): Verdict | undefined => {
    const again = wayOut(world, space, packet, device)
    if ('verdict' in again) return lost(sight, again.verdict)
    way = again.way
    noteRoute({ ...sight, at: 'route' }, way)
    return undefined
  }
  const ended = hook({ ...sight, reroute })
  return ended ? end(taken(sight, ended)) : leave(sight, wayAsMeant(sight, way) ?? way)
}

/**
 * What takes a datagram before it left its own machine fails the call that sent it (net/ipv4/udp.c, udp_send_skb); of
 * TCP the kernel tries again and tells nobody.
 */
const taken = ({ packet, iif }: Sight, verdict: Verdict): Verdict =>
  (verdict.kind === 'dropped' || verdict.kind === 'rejected') && iif === '' && packet.proto === 'udp'
    ? { ...verdict, fails: true }
    : verdict

/** There is no way for a packet that rules have changed: send() tells it, connect() tries on until it gives up. */
function lost(sight: Sight, verdict: Verdict): Verdict {
  if (verdict.kind !== 'unreachable' && verdict.kind !== 'dropped') return verdict
  const { why, by } = verdict
  return sight.packet.proto === 'tcp'
    ? { kind: 'dropped', why: `after translation: ${why}`, by }
    : { kind: 'unreachable', how: verdict.kind === 'dropped' ? 'no-route' : verdict.how, why, by }
}

/** The postrouting hook, then out. */
export function leave(sight: Sight, way: Way): Stage {
  const { space, packet } = sight
  const gateway = way.gateway === undefined ? {} : { gateway: way.gateway }
  // Where it came in is known until it leaves (since Linux 5.7).
  const { world, iif } = sight
  const ended = hook({ world, space, packet, at: 'postrouting', iif, oif: way.dev, ...gateway })
  if (ended) return end(taken(sight, ended))
  const wrapped = policed({ ...sight, at: 'postrouting', oif: way.dev }, 'out')
  if (wrapped) return end(wrapped)
  if (way.dev === 'lo' && way.route.type === 'unicast' && iif !== '')
    return end(roundAgain({ ...sight, oif: way.dev }, way))
  const big = tooBig(sight, way)
  if (big) return end(big)
  const mtu = mtuOf(sight, way)
  if (mtu !== undefined && packet.size > mtu) {
    packet.size = mtu
    packet.pieces = true
    note({ ...sight, oif: way.dev }, 'fragment', { text: `MTU ${mtu}` })
  }
  return { go: 'send', space, way }
}

/** Passed on over lo a packet comes in with the route it has, and is passed on again until its time is over. */
function roundAgain(sight: Sight, { route }: Way): Verdict {
  const by = whereOf(sight, { text: routeText(route) })
  return familyOfPacket(sight.packet) === 6 ? unknownAt(by, 'a way over lo is not modelled') : { kind: 'looped', by }
}

const mtuOf = ({ space }: Sight, way: Way): number | undefined => way.route.mtu ?? space.index.links.get(way.dev)?.mtu

/** The sender of a packet larger than the MTU is told when it must not be cut; routers cut no IPv6. */
export function tooBig(sight: Sight, way: Way): Verdict | undefined {
  const { packet } = sight
  const mtu = mtuOf(sight, way)
  if (mtu === undefined || packet.size <= mtu) return undefined
  if (!packet.df && (familyOfPacket(packet) === 4 || packet.owner)) return undefined
  const by = whereOf({ ...sight, at: 'route', oif: way.dev }, { text: `MTU ${mtu}` })
  return {
    kind: 'unreachable',
    how: 'too-big',
    why: `${packet.size} bytes are more than the MTU ${mtu} of ${way.dev}`,
    by,
  }
}
