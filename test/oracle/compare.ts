import { outcomeOf } from '../../src/packet/walk/index.ts'
import type { Outcome, Trace } from '../../src/packet/walk/index.ts'
import { equal } from '../../src/packet/ipaddr.ts'
import type { Measured } from './measure.ts'
import type { Packet } from './world.ts'

/** What connect() or send() told. */
export function outcomeMeasured({ answer, proto }: Measured): Outcome {
  if (answer.state !== 'error') return answer.state
  if (answer.icmp) {
    const [type, code] = answer.icmp
    // A socket of UDP is told of the errors only that the kernel calls fatal.
    if (
      proto === 'udp' &&
      (answer.by?.includes(':') ? type !== 2 && [0, 2, 3].includes(code) : [0, 1, 5, 11, 12].includes(code))
    )
      return answer.errno === 'EPERM' ? 'unreachable' : 'silent'
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
  const { dst, dport, src } = tuple
  const arrived =
    measured.arrived ??
    measured.strays.find((one) => equal(one.local, dst) && one.port === dport && equal(one.peer, src))
  if (verdict.kind === 'delivered' || verdict.kind === 'refused') {
    const to = `${verdict.kind} in ${verdict.namespace}`
    if (!arrived) return `${to}, yet it came nowhere`
    if (arrived.name !== verdict.namespace) return `${to}, yet it came to ${arrived.name}`
    if (!equal(arrived.local, tuple.dst) || arrived.port !== tuple.dport)
      return `${to} at ${tuple.dst} ${tuple.dport}, really ${arrived.local} ${arrived.port}`
    if (!equal(arrived.peer, tuple.src)) return `${to} from ${tuple.src}, really ${arrived.peer}`
    if (packet.sport && tuple.sport !== undefined && tuple.sport !== arrived.peerport)
      return `${to} from port ${tuple.sport}, really ${arrived.peerport}`
  } else if (measured.arrived) return `${verdict.kind}, yet it came to ${measured.arrived.name}`
  if (trace.back?.verdict.kind === 'unknown') return undefined
  const [came, error] = [trace.back?.verdict.kind === 'returned', measured.answer.icmp]
  if (error && !came) return `the answer is ${trace.back?.verdict.kind ?? 'none'}, really ICMP came (${told(measured)})`
  const [said, was] = [outcomeOf(trace), outcomeMeasured(measured)]
  if (said === 'unknown') return undefined
  return said === was ? undefined : `${said} (${verdict.kind}), really ${was} (${told(measured)})`
}

export const told = ({ answer }: Measured): string =>
  [answer.state, answer.errno, answer.icmp?.join('/'), answer.by].filter(Boolean).join(' ')
