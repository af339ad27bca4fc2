import type { Json } from '../json.ts'
import { unsure } from './answer.ts'
import { statesOf } from './match-conntrack.ts'
import { amount, chance, nothing, word } from './nft-seen.ts'
import type { Read } from './nft-seen.ts'
import { familyOfPacket } from './packet.ts'

/** `ct state`, `ct mark`, `ct original saddr`: what is known of the packet's connection. */
export function readConntrack(body: Json): Read | undefined {
  const key = String(body['key'])
  if (key === 'state')
    return ({ packet }) => ({
      kind: 'bits',
      words: statesOf(packet)
        .filter((one) => one !== 'DNAT' && one !== 'SNAT')
        .map((one) => one.toLowerCase()),
    })
  return (sight) => {
    const { track } = sight.packet
    const flow = track?.flow
    if (!flow) return nothing
    const side = body['dir'] === 'reply' ? flow.reply : flow.original
    switch (key) {
      case 'status':
        return {
          kind: 'bits',
          words: [
            ...(flow.dst === 'changed' ? ['dnat'] : []),
            ...(flow.src === 'changed' ? ['snat'] : []),
            ...(flow.replied ? ['seen-reply'] : []),
          ],
        }
      case 'mark':
        return flow.mark === undefined ? unsure('the connection mark is not known') : amount(flow.mark)
      case 'direction':
        return word(track.way)
      case 'l3proto':
        return word(familyOfPacket(sight.packet) === 4 ? 'ipv4' : 'ipv6')
      case 'protocol':
        return word(flow.original.proto)
      case 'saddr':
      case 'ip saddr':
      case 'ip6 saddr':
        return { kind: 'address', text: side.src }
      case 'daddr':
      case 'ip daddr':
      case 'ip6 daddr':
        return { kind: 'address', text: side.dst }
      case 'bytes':
      case 'packets':
      case 'avgpkt':
        return chance
      case 'proto-src':
      case 'proto-dst': {
        const port = key === 'proto-src' ? side.sport : side.dport
        return port === undefined ? unsure('the port is not known') : amount(port)
      }
      default:
        return unsure(`ct ${key} is not modelled`)
    }
  }
}
