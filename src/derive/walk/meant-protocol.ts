import type { AllocPort } from '../../knowledge/shapes/runtime.ts'
import type { Listener, Topology, Trace, Wanted } from '../../knowledge/shapes/packet.ts'
import { accepts } from '../../packet/ss.ts'

export interface Walked {
  readonly wanted: Wanted
  readonly traces: readonly Trace[]
}

/** Whether UDP alone is served at a port of the target; null: its sockets or its port are not known. */
export type Served = 'udp' | 'other' | null

interface Port {
  readonly number: number | null
  readonly mapped: AllocPort | null
}

/** What the target's sockets say of the port behind an address: the mapping leads there, whatever becomes of the packet. */
export function servedAt(port: Port | undefined, listeners: readonly Listener[] | undefined, dialled: number): Served {
  if (!port || !listeners) return null
  const { number, mapped } = port
  const inside = mapped ? (mapped.to > 0 ? mapped.to : mapped.hostPort) : number
  if (inside === null || ![mapped?.hostPort, number, inside].includes(dialled)) return null
  const at = listeners.filter((one) => one.port === inside)
  return at.length > 0 && at.every(({ proto }) => proto === 'udp') ? 'udp' : 'other'
}

/**
 * A port of Nomad has no protocol: UDP is meant where it is served and TCP is not, at the target, where the TCP packet
 * is refused, or where the UDP packet gets to.
 */
export function meantOf(topology: Topology, tcp: Walked, udp: () => Walked, served: Served): Walked {
  if (arrives(tcp)) return tcp
  if (served === 'udp') return udp()
  if (!tcp.traces.every(({ verdict }) => verdict.kind === 'refused')) return tcp
  const other = udp()
  return tcp.traces.every((one) => isServed(topology, one)) || arrives(other) ? other : tcp
}

const arrives = ({ traces }: Walked): boolean => traces.every(({ verdict }) => verdict.kind === 'delivered')

/** A UDP socket would take what is refused here. */
function isServed({ namespaces }: Topology, { verdict, tuple: { dst, dport } }: Trace): boolean {
  if (verdict.kind !== 'refused' || dport === undefined) return false
  return namespaces[verdict.namespace]?.udp?.some((one) => accepts(one, dst, dport, one.device ?? '')) ?? false
}
