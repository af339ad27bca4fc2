import { outcomeOf } from '../../src/packet/walk/index.ts'
import type { Outcome, Trace } from '../../src/packet/walk/index.ts'
import { equal } from '../../src/packet/ipaddr.ts'
import type { Measured } from './measure.ts'
import type { Packet } from './world.ts'

/** What connect() or send() told. */
export function outcomeMeasured({ answer }: Measured): Outcome {
  if (answer.state !== 'error') return answer.state
  if (answer.icmp) {
    const [type, code] = answer.icmp
    // Port unreachable of either family.
    return (type === 3 && code === 3) || (type === 1 && code === 4) ? 'refused' : 'unreachable'
  }
  return answer.errno === 'ECONNREFUSED' ? 'refused' : 'unreachable'
}

/** Why no trace is what happened, or undefined when one is. */
export function disagreement(measured: Measured, traces: readonly Trace[], packet: Packet): string | undefined {
  if (traces.length === 0) return 'there is no trace'
  const reasons = traces.map((trace) => differs(measured, trace, packet))
  return reasons.includes(undefined) ? undefined : reasons.join('; or ')
}

function differs(measured: Measured, trace: Trace, packet: Packet): string | undefined {
  const { verdict, tuple } = trace
  if (verdict.kind === 'unknown') return verdict.because === 'not walked' ? 'not walked' : undefined
  const { arrived } = measured
  if (verdict.kind !== 'delivered' && arrived) return `${verdict.kind}, yet ${arrived.name} saw it`
  if (verdict.kind === 'delivered') {
    if (!arrived) return `delivered to ${verdict.namespace}, yet nobody saw it`
    if (arrived.name !== verdict.namespace) return `delivered to ${verdict.namespace}, yet ${arrived.name} saw it`
    if (!equal(arrived.local, tuple.dst) || arrived.port !== tuple.dport)
      return `delivered to ${tuple.dst} ${tuple.dport}, really ${arrived.local} ${arrived.port}`
    if (!equal(arrived.peer, tuple.src)) return `from ${tuple.src}, really ${arrived.peer}`
    if (packet.sport && tuple.sport !== undefined && tuple.sport !== arrived.peerport)
      return `from port ${tuple.sport}, really ${arrived.peerport}`
  }
  const [said, was] = [outcomeOf(trace), outcomeMeasured(measured)]
  if (said === 'unknown') return undefined
  return said === was ? undefined : `${said} (${verdict.kind}), really ${was} (${told(measured)})`
}

export const told = ({ answer }: Measured): string =>
  [answer.state, answer.errno, answer.icmp?.join('/'), answer.by].filter(Boolean).join(' ')
