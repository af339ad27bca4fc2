import type { Attempt } from '../../knowledge/shapes/runtime.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'

/** What UDP itself tells nobody, the client of the target may have seen: answers to what came from the source's side. */
export const flowsDerivation: AnyDerivation = derivation({
  provides: 'path.flows',
  about: 'path',
  from: ['path.protocol', 'path.inbound.way'],
  maybe: ['target.node.conntrack'],
  waits: ['target.node.conntrack'],
  shows: 'target.node.conntrack',
  make: ({ 'path.protocol': protocol, 'path.inbound.way': way }, { 'target.node.conntrack': entries }) => {
    if (protocol !== 'udp' || !way) return made([], 'the path goes by TCP, or to no host port')
    if (!entries) return notKnown("what the target's client tracks is not known")
    const answered = entries.filter(
      ({ proto, original, reply, unreplied }) =>
        proto === 'udp' &&
        !unreplied &&
        original.dst === way.address &&
        original.dport === way.port &&
        (way.inside === null || reply.src === way.inside.address) &&
        !way.anyone &&
        way.sources.includes(original.src),
    )
    const flows = answered.map(({ original }): Attempt => ({
      from: 'source-node',
      place: original.src,
      host: way.address,
      port: way.port,
      outcome: 'answered',
      ms: 0,
    }))
    const said = answered.map(
      ({ original, reply }) =>
        `udp src=${original.src} sport=${original.sport ?? ''} dst=${original.dst} dport=${original.dport ?? ''}: answered by ${reply.src}`,
    )
    return made(flows, said.join('\n') || `no answered UDP flow to ${way.address}:${way.port} is tracked`)
  },
})
