import { arrive } from './arrive.ts'
import type { Arrived } from './arrive.ts'
import { unanswered } from './discovery.ts'
import { misdirected } from './fdb.ts'
import { hook } from './hooks.ts'
import { resolve, silence } from './neighbour.ts'
import { hookedOutside } from './outside-hooks.ts'
import { familyOfPacket } from './packet.ts'
import { flood } from './segment.ts'
import type { Leg } from './segment.ts'
import { bridgesToHooks } from './settings.ts'
import { end } from './stage.ts'
import type { Stage } from './stage.ts'
import { note, unknownAt, whereOf } from './world.ts'
import type { Sight } from './world.ts'

type Bridged = Leg & { kind: 'bridge' }

/** A frame in a bridge: the IP hooks when br_netfilter is on (net/bridge/br_netfilter_hooks.c); undefined: it goes on. */
export function bridgeLeg(sight: Sight, leg: Bridged, rest: readonly Leg[]): Stage | undefined {
  const { packet, space } = sight
  const { device: bridge, from, to } = leg
  const here: Sight = { ...sight, at: 'bridge', iif: bridge, oif: '' }
  // What the bridge device itself sends went through the hooks already.
  if (from === undefined) return unhooked(here, leg, rest)
  const hooked = bridgesToHooks(space, familyOfPacket(packet), bridge)
  if (hooked === undefined)
    return end(unknownAt(whereOf(here), `whether bridged frames go through the IP rules is not known`))
  if (!hooked) return to === undefined ? { go: 'receive', space, dev: bridge } : unhooked(here, leg, rest)
  packet.physin = from
  const { dst } = packet
  const ended = hook({ ...here, at: 'prerouting' })
  if (ended) return end(ended)
  // Rules of the bridge's own see the packet as its prerouting left it.
  const unseen = hookedOutside(here, leg)
  if (unseen) return end(unseen)
  if (packet.dst !== dst) return turned(here, leg)
  if (to === undefined) return { go: 'receive', space, dev: bridge, early: true }
  return across(here, bridge, to, rest)
}

function unhooked(here: Sight, { device, to }: Bridged, rest: readonly Leg[]): Stage | undefined {
  const lost = to === undefined ? undefined : misdirected(here, device, to, rest)
  return lost && end(lost)
}

/** From one port to another: forward with the bridge as both devices, then postrouting. */
function across(here: Sight, bridge: string, to: string, rest: readonly Leg[]): Stage | undefined {
  const lost = misdirected(here, bridge, to, rest)
  if (lost) return end(lost)
  here.packet.physout = to
  const ended =
    hook({ ...here, at: 'forward', oif: bridge }) ?? hook({ ...here, at: 'postrouting', iif: '', oif: bridge })
  if (ended) return end(ended)
  note(here, 'bridge', { oif: to })
  return { go: 'carry', legs: rest }
}

const six = ({ packet }: Sight): boolean => familyOfPacket(packet) === 6

/** The bridge asks the routes as a packet that arrives does; for IPv6 it does not care whether anything is forwarded. */
function routed(here: Sight): Arrived {
  const sight: Sight = { ...here, at: 'route' }
  const arrived = arrive(sight, !six(here))
  // What has no route is dropped here without a word (br_nf_pre_routing_finish_ipv6).
  if (!six(here) || !('verdict' in arrived) || arrived.verdict.kind !== 'unreachable') return arrived
  const { why, by } = arrived.verdict
  return { verdict: { kind: 'dropped', why, by } }
}

/** The destination was changed: behind the same bridge the frame stays a bridged one, else it is routed. */
function turned(here: Sight, leg: Bridged): Stage {
  const { space, world, packet } = here
  const { device: bridge, from = '' } = leg
  const arrived = routed(here)
  const way = 'way' in arrived && arrived.way.dev === bridge ? arrived.way : undefined
  if (!way) {
    if ('verdict' in arrived) return end(arrived.verdict)
    return { go: 'receive', space, dev: bridge, early: true, ...('way' in arrived && six(here) ? {} : { arrived }) }
  }
  const port = { namespace: space.name, device: bridge }
  const found = resolve(world, space, port, way.next, packet)
  const where = whereOf({ ...here, oif: bridge }, { text: way.next })
  const dropped = (why: string): Stage => end({ kind: 'dropped', why, by: where })
  if ('unknown' in found) return end(unknownAt(where, found.unknown))
  if ('lost' in found) return dropped(found.lost ?? '')
  if ('pinned' in found) return dropped(`the permanent entry for ${way.next} names ${found.pinned}, which nobody has`)
  if ('nobody' in found)
    return end({ kind: 'unreachable', how: 'neighbour', why: silence(bridge, way.next, found.shut), by: where })
  const lost = 'end' in found && !found.learned ? unanswered(here, bridge, way.next, found.end) : undefined
  if (lost) return end(lost)
  const target = 'end' in found ? found.end : found.several[world.choices.choose(found.several.length)]
  if ('several' in found)
    world.chances.push({
      where: { ...where, text: `${target?.namespace ?? ''} answers for ${way.next}` },
      matched: true,
    })
  // It is everybody on the bridge who is asked, but the frame does not go back where it came from.
  const [first, ...rest] =
    flood(world.topology, port, from, 'one').ends.find(
      ({ namespace, device }) => namespace === target?.namespace && device === target.device,
    )?.legs ?? []
  if (first?.kind !== 'bridge' || first.to === undefined) {
    const [own] = target?.legs.filter(({ kind }) => kind === 'bridge') ?? []
    const back = own?.kind === 'bridge' && own.to === from
    return back
      ? end({
          kind: 'dropped',
          why: `the bridge does not send a frame out of the port it came in by (${from})`,
          by: { ...where, text: `hairpin of ${from} is off` },
        })
      : dropped(`the bridge does not send a frame from ${from} there`)
  }
  return across(here, bridge, first.to, rest) ?? end(unknownAt(where, 'the way of the frame is not known'))
}
