import type { Match } from '../iptables-match.ts'
import { unsure } from './answer.ts'
import type { Answer } from './answer.ts'
import type { Test } from './match.ts'
import { familyOfPacket } from './packet.ts'
import type { Packet } from './packet.ts'
import type { Sight } from './world.ts'

/** A number of which only this is known, both ends included. */
export interface Span {
  readonly least: number
  readonly most: number
}

const exactly = (value: number): Span => ({ least: value, most: value })

/** Whether a number within `span` is one of `from` … `to`. */
export function spanWithin({ least, most }: Span, from: number, to: number, what: string): Answer {
  if (from <= least && to >= most) return true
  return to < least || from > most ? false : unsure(`whether the ${what} is not known`)
}

/** `-m ttl`, `-m dscp`, `-m length`. */
export function matchField({ field, from, to, text }: Match & { readonly kind: 'field' }): Test {
  const name = field === 'length' ? field : field.toUpperCase()
  return (sight) => {
    const span = field === 'ttl' ? lifetimeOf(sight) : field === 'dscp' ? classOf(sight) : lengthOf(sight.packet)
    return span ? spanWithin(span, from, to, `${name} is within ${text}`) : unsure(`the ${name} is not known`)
  }
}

const classOf = ({ packet: { tos } }: Sight): Span | undefined => (tos === undefined ? undefined : exactly(tos >>> 2))

/** Of what comes from beyond: systems begin with 64, 128 or 255, and no way has more than 32 routers. */
const ofStrangers: Span = { least: 32, most: 255 }

/** TTL or hop limit; undefined: a rule that cannot be decided may have changed it. */
export function lifetimeOf({ packet, world }: Sight): Span | undefined {
  if (packet.ttl === undefined) return undefined
  return world.asked?.arrives !== undefined && !packet.answers && !packet.ttlBy ? ofStrangers : exactly(packet.ttl)
}

/** What nobody said how large it is has this many bytes here. */
const unsaid = 60

/**
 * Bytes of the IP packet, both ends included. Bytes of options differ from kernel to kernel: a first segment of TCP,
 * and what answers it, is within these; a fragment is as large as its device takes it.
 */
export function lengthOf(packet: Packet): Span {
  const header = familyOfPacket(packet) === 4 ? 20 : 40
  if (packet.size !== unsaid && !packet.pieces) return exactly(packet.size)
  return packet.proto === 'tcp' && packet.size === unsaid
    ? { least: header + 20, most: header + 60 }
    : { least: header + 8, most: 65_535 }
}
