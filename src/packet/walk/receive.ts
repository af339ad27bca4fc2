import { isLoopback } from '../ipaddr.ts'
import { arrive } from './arrive.ts'
import type { Arrived } from './arrive.ts'
import { deliver } from './deliver.ts'
import { hook } from './hooks.ts'
import { familyOfPacket } from './packet.ts'
import { leave, tooBig } from './output.ts'
import { policed } from './policies.ts'
import { end } from './stage.ts'
import type { Stage } from './stage.ts'
import type { Way } from './way.ts'
import { unknownAt, whereOf } from './world.ts'
import type { Sight } from './world.ts'
import type { Verdict } from './types.ts'

/** A packet that comes in: prerouting, routing, then to this namespace or on. */
export function receive(sight: Sight, early: boolean, arrived?: Arrived): Stage {
  const { packet, iif } = sight
  // The socket a rule chose is forgotten when a bridge hands the packet up (ip_rcv_core, skb_orphan).
  if (early) packet.proxy = undefined
  if (familyOfPacket(packet) === 6 && iif !== 'lo' && [packet.src, packet.dst].some(isLoopback))
    return end({ kind: 'dropped', why: '::1 comes in by another device than lo', by: whereOf(sight) })
  if (!early) {
    const ended = hook({ ...sight, at: 'prerouting', oif: '' })
    if (ended) return end(ended)
  }
  // What a namespace sends to itself keeps its route.
  const found = iif === 'lo' ? ({ local: true } as const) : (arrived ?? arrive({ ...sight, at: 'route', oif: '' }))
  if ('verdict' in found) return end(found.verdict)
  return 'way' in found ? forward(sight, found.way) : input(sight)
}

function input(sight: Sight): Stage {
  sight.packet.pieces = false
  const ended = hook({ ...sight, at: 'input', oif: '' }) ?? policed({ ...sight, at: 'socket', oif: '' }, 'in')
  return end(ended ?? deliver({ ...sight, at: 'socket', oif: '' }))
}

function forward(sight: Sight, way: Way): Stage {
  const { packet } = sight
  const going = { ...sight, oif: way.dev }
  const wrapped = policed({ ...going, at: 'route' }, 'fwd') ?? policed({ ...going, at: 'route' }, 'out')
  if (wrapped) return end(wrapped)
  const over = lifetime({ ...going, at: 'forward' })
  if (over) return end(over)
  const big = tooBig(going, way)
  if (big) return end(big)
  if (packet.ttl !== undefined) packet.ttl -= 1
  const ended = hook({ ...going, at: 'forward' })
  return ended ? end(ended) : leave(going, way)
}

/** Who forwards takes one off; what has none left goes no further, and its sender is told. */
function lifetime(sight: Sight): Verdict | undefined {
  const { ttl, ttlBy } = sight.packet
  const six = familyOfPacket(sight.packet) === 6
  const name = six ? 'hop limit' : 'time to live'
  const text = ttlBy?.text ?? ''
  if (ttl === undefined)
    return unknownAt(ttlBy ?? whereOf(sight), `whether a rule changed the ${name} is not known: ${text}`)
  if (ttl > 1) return undefined
  if (!ttlBy) return { kind: 'looped', by: whereOf(sight) }
  return {
    kind: 'unreachable',
    how: 'ttl',
    why: `the ${name} is over, which a rule changed: ${text}`,
    by: whereOf(sight),
  }
}
