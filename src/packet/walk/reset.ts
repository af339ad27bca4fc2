import { rightAnswer } from './deliver.ts'
import { hasAddress } from './local.ts'
import { familyOfPacket } from './packet.ts'
import type { Packet } from './packet.ts'
import { flood } from './segment.ts'
import { end } from './stage.ts'
import type { Stage } from './stage.ts'
import { wayOut } from './way.ts'
import { unknownAt, whereOf } from './world.ts'
import type { Sight, Space, World } from './world.ts'

/**
 * A reset that answers what came in by a port of a bridge goes out of that port as a frame: no rule meets it, and
 * nothing translates it back (net/ipv4/netfilter/nf_reject_ipv4.c, nf_send_reset).
 */
export function byPort(world: World, space: Space, { physin }: Packet, reset: Packet): Stage {
  const found = wayOut(world, space, reset, undefined)
  if ('verdict' in found) return end(found.verdict)
  const sight: Sight = { world, space, packet: reset, at: 'bridge', iif: '', oif: physin ?? '' }
  const { asked } = world
  if (typeof physin !== 'string') {
    if (asked && rightAnswer(reset, asked.tuple)) return end({ kind: 'returned', namespace: space.name })
    return end({ kind: 'dropped', why: `the reset leaves as ${reset.src}:${reset.sport ?? '?'}`, by: whereOf(sight) })
  }
  const { ends } = flood(world.topology, { namespace: space.name, device: physin })
  const owners = ends.filter(({ namespace, device }) => {
    const other = world.spaces.get(namespace)
    return other !== undefined && hasAddress(other, familyOfPacket(reset), device, reset.dst)
  })
  const [to, more] = ends.length === 1 ? ends : owners
  return to && !more
    ? { go: 'carry', legs: to.legs }
    : end(unknownAt(whereOf(sight), `who is asked for ${reset.dst} at ${physin} is not known`))
}
