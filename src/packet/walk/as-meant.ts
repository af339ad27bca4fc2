import type { Arrived } from './arrive.ts'
import { passedOver, unlessPassed } from './beyond.ts'
import { begin } from './conntrack.ts'
import { familyOfPacket, tupleOf } from './packet.ts'
import type { Way } from './way.ts'
import { note } from './world.ts'
import type { Sight } from './world.ts'
import type { Verdict } from './types.ts'

/** Puts a translation in that the rules of the first hook did not make; only in a walk that goes on past its ends. */
export function translateAsMeant(sight: Sight): Verdict | undefined {
  const { world, packet, at } = sight
  const { beyond } = world
  if (!beyond?.meant || beyond.came || packet.answers || (at !== 'prerouting' && at !== 'output')) return undefined
  beyond.came = true
  const { to } = beyond.meant
  if (!to || (packet.dst === to.address && packet.dport === to.port)) return undefined
  const before = tupleOf(packet)
  packet.untracked = false
  if (!packet.track?.flow) begin(sight, before)
  const flow = packet.track?.flow
  if (flow) {
    flow.reply = { ...flow.reply, src: to.address, sport: to.port }
    flow.dst = 'changed'
  }
  packet.dst = to.address
  packet.dport = to.port
  note(sight, 'meant', {}, before)
  return unlessPassed(world, sight.reroute?.())
}

/** The device it is meant to leave by; an answer leaves where the question came in. */
const outOf = ({ world: { beyond, asked }, packet }: Sight): string | undefined =>
  beyond?.meant && (packet.answers ? asked?.arrives : beyond.meant.out)

/** The way that is meant, where the routes say another one. */
export function wayAsMeant(sight: Sight, way: Way | undefined): Way | undefined {
  const out = outOf(sight)
  if (out === undefined || out === '' || way?.dev === out) return way
  const { packet } = sight
  const { dst } = packet
  const family = familyOfPacket(packet)
  const prefix = family === 4 ? 32 : 128
  const network = { family, dst: `${dst}/${prefix}`, prefix, dev: out } as const
  note({ ...sight, at: 'route', oif: out }, 'meant')
  return { dev: out, next: dst, route: { ...network, table: 'main', type: 'unicast', metric: 0, hops: [], flags: [] } }
}

/** The same for a packet that is made here and translated: before that it goes to the namespace itself. */
export const outAsMeant = (sight: Sight, way: Way): Way =>
  sight.packet.dst === sight.world.beyond?.meant?.to?.address ? (wayAsMeant(sight, way) ?? way) : way

/** The same for a packet that came in; one that nobody can route goes where it is meant to. */
export function arrivedAsMeant(sight: Sight, found: Arrived): Arrived {
  const out = outOf(sight)
  if (out === undefined || ('way' in found && found.way.dev === out)) return found
  if ('verdict' in found && !passedOver(sight.world, found.verdict)) return found
  if (out === '') return 'verdict' in found ? { local: true } : found
  const way = wayAsMeant(sight, 'way' in found ? found.way : undefined)
  return way ? { way } : found
}
