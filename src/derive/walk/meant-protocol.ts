import type { AllocPort } from '../../knowledge/shapes/runtime.ts'
import type { Listener, Topology, Trace, Wanted } from '../../knowledge/shapes/packet.ts'
import { accepts } from '../../packet/ss.ts'

export interface Walked {
  readonly wanted: Wanted
  readonly traces: readonly Trace[]
}

/** What is known of the protocol of a port; undefined where it is not the port asked about, or nothing is known yet. */
export type Served = 'tcp' | 'udp' | 'unsaid' | undefined

interface Port {
  readonly number: number | null
  readonly mapped: AllocPort | null
}

const insideOf = ({ number, mapped }: Port): number | null =>
  mapped ? (mapped.to > 0 ? mapped.to : mapped.hostPort) : number

/** A dialled number is that of the port: the mapping leads there, whatever becomes of the packet. */
export function isPortOf(port: Port | undefined, dialled: number): boolean {
  return port !== undefined && [port.mapped?.hostPort, port.number, insideOf(port)].includes(dialled)
}

/** The number behind the port at which UDP alone is served; null where TCP is, or nobody listens. */
export function udpAlone(port: Port, listeners: readonly Listener[]): number | null {
  const inside = insideOf(port)
  const at = listeners.filter((one) => one.port === inside)
  return at.length > 0 && at.every(({ proto }) => proto === 'udp') ? inside : null
}

/** Where nobody says the protocol, UDP is meant where the TCP packet is refused and a UDP socket would take it, or takes it. */
export function meantOf(topology: Topology, tcp: Walked, udp: () => Walked): Walked {
  if (arrives(tcp) || !tcp.traces.every(({ verdict }) => verdict.kind === 'refused')) return tcp
  const other = udp()
  return tcp.traces.every((one) => isServed(topology, one)) || arrives(other) ? other : tcp
}

const arrives = ({ traces }: Walked): boolean => traces.every(({ verdict }) => verdict.kind === 'delivered')

/** A UDP socket would take what is refused here. */
function isServed({ namespaces }: Topology, { verdict, tuple: { dst, dport } }: Trace): boolean {
  if (verdict.kind !== 'refused' || dport === undefined) return false
  return namespaces[verdict.namespace]?.udp?.some((one) => accepts(one, dst, dport, one.device ?? '')) ?? false
}
