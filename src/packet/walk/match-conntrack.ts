import { net, ready, within } from './address.ts'
import { anyOf, unsure } from './answer.ts'
import { dependsOnCaller } from './anyone.ts'
import type { Answer } from './answer.ts'
import type { Test } from './match.ts'
import { among, protocolName } from './match-port.ts'
import type { Flow, Packet } from './packet.ts'
import type { Tuple } from './types.ts'

/** The states rules may ask for; a packet that was not looked at by conntrack yet is INVALID to them. */
export function statesOf({ track, untracked }: Packet): readonly string[] {
  if (untracked) return ['UNTRACKED']
  if (!track?.flow) return ['INVALID']
  const { flow, state } = track
  return [state, ...(flow.dst === 'changed' ? ['DNAT'] : []), ...(flow.src === 'changed' ? ['SNAT'] : [])]
}

export const matchState =
  (states: readonly string[]): Test =>
  ({ packet }) =>
    statesOf(packet).some((state) => states.includes(state))

function hasStatus(name: string, flow: Flow | undefined): Answer {
  switch (name) {
    case 'SEEN_REPLY':
      return flow?.replied === true
    case 'CONFIRMED':
      return flow?.confirmed === true
    // A mask without bits: nothing has it.
    case 'NONE':
    // Expected connections are those of helpers.
    case 'EXPECTED':
      return false
    default:
      return flow?.replied === true ? unsure(`whether the connection is ${name} is not known`) : false
  }
}

const sides: Readonly<Record<string, readonly ['original' | 'reply', 'src' | 'dst' | 'sport' | 'dport']>> = {
  ctorigsrc: ['original', 'src'],
  ctorigdst: ['original', 'dst'],
  ctreplsrc: ['reply', 'src'],
  ctrepldst: ['reply', 'dst'],
  ctorigsrcport: ['original', 'sport'],
  ctorigdstport: ['original', 'dport'],
  ctreplsrcport: ['reply', 'sport'],
  ctrepldstport: ['reply', 'dport'],
}

/** The other options of `-m conntrack`. */
export function matchConntrack(field: string, value: string, unmodelled: Answer): Test {
  const test = compile(field, value)
  const [direction, part] = sides[field] ?? []
  return (sight) => {
    const flow = sight.packet.track?.flow
    if (!flow) return false
    const address = direction && (part === 'src' || part === 'dst') ? flow[direction][part] : ''
    return dependsOnCaller(sight, address, value) ?? test?.(sight.packet) ?? unmodelled
  }
}

function compile(field: string, value: string): ((packet: Packet) => Answer) | undefined {
  if (field === 'ctdir') return ({ track }) => track?.way === value.toLowerCase()
  // Of an ICMP error, that of the connection it is about.
  if (field === 'ctproto') return ({ track }) => protocolName(value) === track?.flow?.original.proto
  if (field === 'ctstatus') return ({ track }) => anyOf(value.split(',').map((one) => hasStatus(one, track?.flow)))
  const [direction, part] = sides[field] ?? []
  if (!direction || !part) return undefined
  const tupleIn = ({ track }: Packet): Tuple | undefined => track?.flow?.[direction]
  if (part === 'src' || part === 'dst') {
    const network = net(value)
    if (!network) return undefined
    return (packet) => {
      const one = ready(tupleIn(packet)?.[part] ?? '')
      return one !== undefined && within(network, one)
    }
  }
  const [from, to = from] = value.split(':').map(Number)
  if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to)) return undefined
  return (packet) => {
    const port = tupleIn(packet)?.[part]
    return port === undefined ? unsure('the port is not known') : among([{ from, to }], port)
  }
}
