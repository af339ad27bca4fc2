import { inbound } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import type { ConntrackEntry } from '../../shapes/packet.ts'
import type { Way } from '../../shapes/crossing.ts'

/** Flows of this caller to the host port that an older mapping sends elsewhere, and that nobody answers. */
const stale = (way: Way, entries: readonly ConntrackEntry[]): readonly ConntrackEntry[] =>
  entries.filter(
    ({ proto, original, reply, unreplied }) =>
      proto === 'udp' &&
      unreplied &&
      original.dst === way.address &&
      original.dport === way.port &&
      reply.src !== way.inside?.address &&
      (way.sources.length > 1 || way.sources.includes(original.src)),
  )

const entry: ConntrackEntry = {
  proto: 'udp',
  protoNumber: 17,
  original: { src: '10.0.0.12', dst: '10.0.0.11', sport: 40125, dport: 25001 },
  reply: { src: '172.26.64.9', dst: '10.0.0.12', sport: 8125, dport: 40125 },
  unreplied: true,
  assured: false,
  fields: {},
  flags: [],
}

export const udpStaleConntrack = fault({
  id: 'udp-stale-conntrack',
  about: 'path',
  title: 'Connection tracking keeps sending a UDP flow to an allocation that is gone',
  layer: 'node',
  severity: 'breaks',
  heard: ['udp 17 <seconds> src=<address> dst=<address> sport=<port> dport=<port> [UNREPLIED] src=<address>'],
  needs: ['path.inbound.way', 'target.node.conntrack'],
  shows: ['target.node.conntrack'],
  holds: ({ 'path.inbound.way': way, 'target.node.conntrack': entries }) => {
    if (!way?.inside) return false
    const [first] = stale(way, entries)
    return first
      ? `On ${way.node} UDP from ${first.original.src}:${first.original.sport ?? 0} to ${way.address}:${way.port} is still tracked as going to ${first.reply.src}, not to ${way.inside.address}, and nobody answers`
      : false
  },
  byHand:
    'On the client: conntrack -L -p udp --orig-port-dst <host port>; the second src= of the flow is no address of a running allocation.',
  explains: [],
  because:
    'Table nat is asked once for each flow, and UDP has no end: as long as a sender keeps its source port and sends more often than every 30 seconds, the entry lives on and pins the flow to where it went first. When that allocation is gone without its network being taken down, the sender shouts at a dead address, while new senders, and the same sender from a new port, are served. The walk of the Path screen takes a new port, so it arrives where this flow does not.',
  fix: ({ 'path.inbound.way': way }) => [
    {
      do: 'Delete the entries of the port; the next packet is translated anew',
      on: `client ${way?.node ?? ''}`,
      run: ['conntrack', '-D', '-p', 'udp', '--orig-port-dst', String(way?.port ?? 0)],
      risk: 'Flows that are served lose their entry too, and get a new one with their next packet',
    },
    {
      do: 'Use CNI plug-ins 0.9.0 or newer, which do this when an allocation with the same port starts',
      on: `client ${way?.node ?? ''}`,
      risk: 'none',
    },
  ],
  references: ['https://www.cni.dev/plugins/current/meta/portmap/'],
  since: '0.1.0',
  examples: [
    {
      name: 'the flow goes to an older address',
      given: { 'path.inbound.way': inbound(), 'target.node.conntrack': [entry] },
      then: 'present',
    },
    {
      name: 'it is the flow of another caller',
      given: {
        'path.inbound.way': inbound(),
        'target.node.conntrack': [{ ...entry, original: { ...entry.original, src: '10.0.0.99' } }],
      },
      then: 'absent',
    },
    {
      name: 'the flow goes to the allocation',
      given: {
        'path.inbound.way': inbound(),
        'target.node.conntrack': [{ ...entry, reply: { ...entry.reply, src: '172.26.64.2' } }],
      },
      then: 'absent',
    },
    {
      name: 'nothing is translated',
      given: { 'path.inbound.way': null, 'target.node.conntrack': [entry] },
      then: 'absent',
    },
  ],
})
