import { bridgeLeg } from './bridge-leg.ts'
import { hookedOutside } from './outside-hooks.ts'
import { unanswered } from './discovery.ts'
import { scrub } from './packet.ts'
import type { Packet } from './packet.ts'
import { resolve, silence } from './neighbour.ts'
import { rightAnswer } from './deliver.ts'
import { end } from './stage.ts'
import type { Stage } from './stage.ts'
import type { Way } from './way.ts'
import { note, unknownAt, whereOf } from './world.ts'
import type { Sight, Space, World } from './world.ts'
import { deviceText } from './segment.ts'
import type { Leg } from './segment.ts'

/** Kinds of devices whose frames carry link addresses, with ARP or without; on others nobody needs to be asked. */
const addressed = new Set(['bridge', 'veth', 'ether', 'vlan', 'bond', 'team', 'macvlan'])

/** Out of a namespace: whose link address is it, and which way the frame goes there. */
export function send(world: World, space: Space, packet: Packet, way: Way): Stage {
  const sight: Sight = { world, space, packet, at: 'link', iif: '', oif: way.dev }
  const { asked } = world
  const comesBack = packet.answers && asked?.arrives !== undefined && asked.namespace === space.name
  if (comesBack && asked.arrives === way.dev) {
    if (rightAnswer(packet, asked.tuple)) return end({ kind: 'returned', namespace: space.name })
    return end({
      kind: 'dropped',
      why: `the answer leaves as ${packet.src}:${packet.sport ?? '?'}`,
      by: whereOf(sight),
    })
  }
  const link = space.index.links.get(way.dev)
  if (way.dev === 'lo' && link?.up !== false) return { go: 'receive', space, dev: 'lo' }
  if (!link) return end(unknownAt(whereOf(sight), `device ${way.dev} is not known`))
  if (!link.up) return end({ kind: 'dropped', why: `${way.dev} is down`, by: whereOf(sight) })
  if (link.kind === 'dummy') return end({ kind: 'dropped', why: `${way.dev} is a dummy device`, by: whereOf(sight) })
  if (link.flags.includes('NOARP') && !addressed.has(link.kind))
    return end(unknownAt(whereOf(sight), deviceText({ namespace: space.name, device: way.dev }, link.kind)))
  const found = resolve(world, space, { namespace: space.name, device: way.dev }, way.next, packet)
  if (comesBack && !('nobody' in found)) {
    const why = `the answer leaves by ${way.dev}, the question came by ${asked.arrives}: the way from there is not known`
    return end(unknownAt(whereOf(sight), why))
  }
  if ('unknown' in found) return end(unknownAt(whereOf({ ...sight, at: 'neighbour' }), found.unknown))
  if ('end' in found) {
    const lost = found.learned === true ? undefined : unanswered(sight, way.dev, way.next, found.end)
    return lost ? end(lost) : { go: 'carry', legs: found.end.legs }
  }
  if ('several' in found) {
    const one = found.several[world.choices.choose(found.several.length)]
    const where = whereOf({ ...sight, at: 'neighbour' }, { text: `${one?.namespace ?? ''} answers for ${way.next}` })
    world.chances.push({ where, matched: true })
    return { go: 'carry', legs: one?.legs ?? [] }
  }
  const where = whereOf({ ...sight, at: 'neighbour' }, { text: way.next })
  if (found.lost !== undefined) return end({ kind: 'dropped', why: found.lost, by: where })
  if (found.pinned !== undefined)
    return end({
      kind: 'dropped',
      why: `the permanent entry for ${way.next} names ${found.pinned}, which nobody has`,
      by: where,
    })
  return end({ kind: 'unreachable', how: 'neighbour', why: silence(way.dev, way.next, found.shut), by: where })
}

/** Takes a frame over its legs, through bridges and into the next namespace. */
export function carry(world: World, packet: Packet, legs: readonly Leg[]): Stage {
  let before: Leg | undefined
  for (const [i, leg] of legs.entries()) {
    const space = world.spaces.get(leg.namespace)
    if (!space) break
    const sight: Sight = { world, space, packet, at: 'link', iif: '', oif: '' }
    if (leg.kind === 'in') {
      scrub(packet, before?.namespace !== leg.namespace)
      const tight = squeezed({ ...sight, iif: leg.device })
      if (tight) return tight
      note({ ...sight, iif: leg.device }, 'arrive')
    }
    if (leg.kind === 'out') {
      const tight = narrow({ ...sight, oif: leg.device })
      if (tight) return tight
    }
    const unseen = hookedOutside(sight, leg)
    if (unseen) return end(unseen)
    if (leg.kind === 'bridge') {
      const next = bridgeLeg(sight, leg, legs.slice(i + 1))
      if (next) return next
    } else if (leg.kind === 'in' && i === legs.length - 1) return { go: 'receive', space, dev: leg.device }
    before = leg
  }
  const [first] = legs
  return end(
    unknownAt({ namespace: first?.namespace ?? '', at: 'link', by: 'kernel' }, 'the way of the frame is not known'),
  )
}

/** Room for the tag of a VLAN is left where a frame is handed on (net/core/dev.c, is_skb_forwardable). */
const spare = 4

/** A bridge drops frames that are longer than the MTU of the port they leave by without a word. */
function narrow(sight: Sight): Stage | undefined {
  const { space, packet, oif } = sight
  const link = space.index.links.get(oif)
  if (!link || link.master === undefined || packet.size <= link.mtu + spare) return undefined
  const by = whereOf(sight, { text: `MTU ${link.mtu}` })
  // br_netfilter may cut it or tell the sender.
  if (packet.physin !== undefined) return end(unknownAt(by, `whether ${oif} takes ${packet.size} bytes is not known`))
  return end({ kind: 'dropped', why: `${packet.size} bytes are more than the MTU ${link.mtu} of ${oif}`, by })
}

/** A device drops frames that are longer than its MTU without a word. */
function squeezed(sight: Sight): Stage | undefined {
  const { space, packet, iif } = sight
  const link = space.index.links.get(iif)
  if (!link || packet.size <= link.mtu + (link.kind === 'veth' ? spare : 0)) return undefined
  const by = whereOf(sight, { text: `MTU ${link.mtu}` })
  // Whether hardware takes longer frames than its MTU depends on the driver.
  if (link.kind !== 'veth') return end(unknownAt(by, `whether ${iif} takes ${packet.size} bytes is not known`))
  return end({ kind: 'dropped', why: `${packet.size} bytes are more than the MTU ${link.mtu} of ${iif}`, by })
}
