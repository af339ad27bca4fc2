import { indexOf } from './indexed.ts'
import type { Index } from './indexed.ts'
import type { BridgePort } from '../bridge.ts'
import type { Link } from '../ip.ts'
import { memoOf } from '../../memo.ts'
import type { Join, Port, Topology } from './types.ts'

/** One step of a frame. */
export type Leg =
  | { readonly kind: 'out' | 'in'; readonly namespace: string; readonly device: string }
  /** Through a bridge; `from` is missing when the bridge itself sends, `to` when it takes the frame. */
  | {
      readonly kind: 'bridge'
      readonly namespace: string
      readonly device: string
      readonly from?: string
      readonly to?: string
    }

/** A device whose namespace would get a frame, and the frame's way there. */
export interface End {
  readonly namespace: string
  readonly device: string
  readonly legs: readonly Leg[]
}

export interface Segment {
  readonly ends: readonly End[]
  /** Why somebody else may be on it. */
  readonly open: readonly string[]
  /** Cables whose other end was not read. */
  readonly unread: readonly Port[]
  /** Ports of bridges on it that pass nothing on, and why. */
  readonly shut: readonly string[]
}

interface Spot {
  readonly leg: Leg
  readonly before: Spot | undefined
}

export const keyOf = ({ namespace, device }: Port): string => `${namespace}\0${device}`

/** The joins of each device. */
export const joinsOf = memoOf((topology: Topology): ReadonlyMap<string, readonly Join[]> => {
  const all = topology.joins.flatMap((join): [string, Join][] => {
    const ports =
      join.kind === 'veth' ? [join.a, join.b] : join.kind === 'wire' ? join.ports : [join.child, join.parent]
    return ports.map((port) => [keyOf(port), join])
  })
  const found = new Map<string, Join[]>()
  for (const [key, join] of all) found.set(key, [...(found.get(key) ?? []), join])
  return found
})

/**
 * Everywhere a frame gets that is sent to all, from a device or (`from`) out of a bridge it came in by; `to` one: where
 * a frame for one receiver can get.
 */
export function flood(topology: Topology, start: Port, from?: string, to: 'all' | 'one' = 'all'): Segment {
  const ends: End[] = []
  const open = new Set<string>()
  const unread: Port[] = []
  const shut = new Set<string>()
  const seen = new Set<string>()
  const queue: Spot[] = []
  const add = (leg: Leg, before: Spot | undefined): void => {
    const key = `${leg.kind}\0${keyOf(leg)}${leg.kind === 'bridge' ? `\0${leg.from ?? ''}\0${leg.to ?? ''}` : ''}`
    if (seen.has(key)) return
    seen.add(key)
    queue.push({ leg, before })
  }
  const segment: Growing = {
    topology,
    to,
    add,
    end: (port, spot) => {
      ends.push({ ...port, legs: legsTo(spot) })
    },
    open: (why) => {
      open.add(why)
    },
    unread: (port) => {
      unread.push(port)
    },
    shut: (why) => {
      shut.add(why)
    },
  }
  if (from === undefined) add({ kind: 'out', ...start }, undefined)
  else bridged(segment, start, from, undefined)
  for (let spot = queue.shift(); spot; spot = queue.shift()) {
    const { leg } = spot
    const { namespace, device } = leg
    const port = { namespace, device }
    if (leg.kind === 'out') leave(segment, port, spot)
    else if (leg.kind === 'in') enter(segment, port, spot)
    else if (!('to' in leg) || leg.to === undefined) segment.end(port, spot)
    else add({ kind: 'out', namespace, device: leg.to }, spot)
  }
  return { ends, open: [...open], unread, shut: [...shut] }
}

interface Growing {
  readonly topology: Topology
  readonly to: 'all' | 'one'
  readonly add: (leg: Leg, before: Spot | undefined) => void
  readonly end: (port: Port, spot: Spot) => void
  readonly open: (why: string) => void
  readonly unread: (port: Port) => void
  readonly shut: (why: string) => void
}

const indexIn = ({ topology }: Growing, namespace: string): Index | undefined => {
  const state = Object.hasOwn(topology.namespaces, namespace) ? topology.namespaces[namespace] : undefined
  return state && indexOf(state)
}

/** Out of a device: over its cable, onto its wire, into its bridge. */
function leave(segment: Growing, port: Port, spot: Spot): void {
  const link = indexIn(segment, port.namespace)?.links.get(port.device)
  if (!link) return segment.open(`device ${port.device} of ${port.namespace} is not known`)
  if (!link.up) return
  if (link.kind === 'bridge') return bridged(segment, port, undefined, spot)
  const joins = joinsOf(segment.topology).get(keyOf(port)) ?? []
  let joined = false
  for (const join of joins) {
    if (join.kind === 'veth') {
      joined = true
      segment.add({ kind: 'in', ...(keyOf(join.a) === keyOf(port) ? join.b : join.a) }, spot)
    } else if (join.kind === 'wire') {
      joined = true
      if (join.open) segment.open(`other machines may be on ${join.name}`)
      for (const other of join.ports) if (keyOf(other) !== keyOf(port)) segment.add({ kind: 'in', ...other }, spot)
    } else if (keyOf(join.child) === keyOf(port)) {
      joined = true
      upper(segment, join, spot)
    } else if (join.kind === 'ipvlan') segment.open(deviceText(join.child, join.kind))
  }
  if (joined || !link.carrier || link.kind === 'dummy') return
  if (cables.has(link.kind)) segment.unread(port)
  else segment.open(deviceText(port, link.kind))
}

/** What is at the other end of these may be read; what others do to a packet on the way there is not modelled. */
const cables = new Set(['veth', 'ether', 'vlan', 'bond', 'team'])

export const deviceText = ({ namespace, device }: Port, kind: string): string =>
  `${device} of ${namespace} is a device of kind ${kind}, which is not modelled`

/** A macvlan child reaches its parent's segment and its siblings of mode bridge, never the parent's own namespace. */
function upper(segment: Growing, join: Join & { kind: 'macvlan' | 'ipvlan' }, spot: Spot): void {
  if (join.kind === 'ipvlan') return segment.open(deviceText(join.child, join.kind))
  const mode = modeOf(segment, join)
  const { namespace, device } = join.child
  if (mode === 'source') segment.open(sourceText(join.child))
  for (const other of joinsOf(segment.topology).get(keyOf(join.parent)) ?? []) {
    if (other.kind !== 'macvlan' || keyOf(other.parent) !== keyOf(join.parent)) continue
    if (keyOf(other.child) === keyOf(join.child)) continue
    if (mode === 'bridge' && modeOf(segment, other) === 'bridge') segment.add({ kind: 'in', ...other.child }, spot)
    if (mode === 'vepa') segment.open(`whether the network sends frames of ${device} of ${namespace} back is not known`)
  }
  segment.add({ kind: 'out', ...join.parent }, spot)
}

const sourceText = (port: Port): string => deviceText(port, 'macvlan, mode source')

const modeOf = (segment: Growing, { child, mode }: Join & { kind: 'macvlan' | 'ipvlan' }): string =>
  indexIn(segment, child.namespace)?.links.get(child.device)?.mode ?? mode ?? 'bridge'

/** Into a device: to the bridge it is a port of, else to its namespace; and to the devices that sit on it. */
function enter(segment: Growing, port: Port, spot: Spot): void {
  const index = indexIn(segment, port.namespace)
  const link = index?.links.get(port.device)
  if (!index || !link) return segment.open(`device ${port.device} of ${port.namespace} is not known`)
  if (!link.up) return
  for (const join of joinsOf(segment.topology).get(keyOf(port)) ?? []) {
    if (join.kind === 'ipvlan') segment.open(deviceText(join.child, join.kind))
    if (join.kind !== 'macvlan' || keyOf(join.parent) !== keyOf(port)) continue
    if (modeOf(segment, join) === 'source') segment.open(sourceText(join.child))
    else segment.add({ kind: 'in', ...join.child }, spot)
  }
  if (link.master === undefined) return segment.end(port, spot)
  const master = index.links.get(link.master)
  if (master?.kind !== 'bridge') return segment.open(`${port.device} belongs to ${link.master}, which is not modelled`)
  if (!forwards(index, link)) return segment.shut(shutText(index, link))
  bridged(segment, { namespace: port.namespace, device: master.name }, port.device, spot)
}

function bridged(segment: Growing, bridge: Port, from: string | undefined, spot: Spot | undefined): void {
  const index = indexIn(segment, bridge.namespace)
  const link = index?.links.get(bridge.device)
  if (!index || !link) return segment.open(`bridge ${bridge.device} of ${bridge.namespace} is not known`)
  if (!link.up) return
  if (link.bridge?.vlanFiltering === true) segment.open(`bridge ${bridge.device} filters VLANs, which is not modelled`)
  const { namespace, device } = bridge
  const base = { kind: 'bridge', namespace, device, ...(from === undefined ? {} : { from }) } as const
  const ports = index.members.get(bridge.device) ?? []
  const ingress = ports.find(({ name }) => name === from)
  if (from !== undefined) segment.add(base, spot)
  for (const port of ports) {
    if (!port.up || !port.carrier) continue
    if (!forwards(index, port)) {
      segment.shut(shutText(index, port))
      continue
    }
    if (port.name === from && !hairpin(index, port)) continue
    if (segment.to === 'all' && from !== undefined && settings(index, port).broadcastFlood === false) {
      segment.open(`bridge ${bridge.device} of ${bridge.namespace} does not send questions to ${port.name}`)
      continue
    }
    if (ingress && port.name !== from && isolated(index, ingress) && isolated(index, port)) continue
    segment.add({ ...base, to: port.name }, spot)
  }
}

export const unreadText = ({ namespace, device }: Port): string =>
  `what is at the other end of ${device} of ${namespace} is not known`

/**
 * Whether a namespace that was read has the address, and its cable leads to this one: it is not asked for at other
 * cables, as an address of a network is given once.
 */
export const heldBeyond = (topology: Topology, namespace: string, has: (port: Port) => boolean): boolean =>
  topology.joins.some(
    (join) =>
      join.kind === 'veth' &&
      [[join.a, join.b] as const, [join.b, join.a] as const].some(
        ([here, there]) => here.namespace === namespace && there.namespace !== namespace && has(there),
      ),
  )

const settings = (index: Index, { name, port }: Link): Partial<BridgePort> => ({
  ...port,
  ...index.state.bridgePorts?.find((one) => one.name === name),
})
const shutText = (index: Index, link: Link): string =>
  `port ${link.name} of ${link.master ?? ''} is in state ${settings(index, link).state ?? ''}`
const forwards = (index: Index, link: Link): boolean => (settings(index, link).state ?? 'forwarding') === 'forwarding'
const hairpin = (index: Index, link: Link): boolean => settings(index, link).hairpin === true
const isolated = (index: Index, link: Link): boolean => settings(index, link).isolated === true

function legsTo(spot: Spot): readonly Leg[] {
  const legs: Leg[] = []
  for (let at: Spot | undefined = spot; at; at = at.before) legs.unshift(at.leg)
  return legs
}
