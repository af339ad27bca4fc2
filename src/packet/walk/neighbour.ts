import type { Family } from '../ipaddr.ts'
import { equal, isLoopback } from '../ipaddr.ts'
import type { LinkAddress } from '../ip.ts'
import { inside } from './address.ts'
import { isUnsure, unsure } from './answer.ts'
import type { Unsure } from './answer.ts'
import type { Route } from '../ip-route.ts'
import { deafTo } from './fdb.ts'
import { hopsOf, lookup } from './fib.ts'
import { addressOf, hasAddress, isLocal } from './local.ts'
import { familyOfPacket } from './packet.ts'
import type { Packet } from './packet.ts'
import { flood, heldBeyond, unreadText } from './segment.ts'
import type { End } from './segment.ts'
import { larger, ofDevice } from './settings.ts'
import { validSource } from './validate.ts'
import type { Space, World } from './world.ts'
import type { Port } from './types.ts'

export type Resolved =
  /** `learned`: it is known without a question. */
  | { readonly end: End; readonly learned?: boolean }
  /** Several machines answer; either may be the one. */
  | { readonly several: readonly End[] }
  /** `lost`: why frames go nowhere, without an error for the sender; `shut`: ports of bridges that pass no question on. */
  | { readonly nobody: true; readonly pinned?: string; readonly lost?: string; readonly shut?: readonly string[] }
  | Unsure

/** Which device answers for an address on the segment of `device`; `from`: the port a bridged frame came in by. */
export function resolve(world: World, space: Space, port: Port, next: string, packet: Packet, from?: string): Resolved {
  // An IPv4 route may lead over an IPv6 neighbour (RFC 5549).
  const family = familyOfPacket({ dst: next })
  const { ends, open: others, unread, shut } = flood(world.topology, port, from)
  const held = (there: Port): boolean => owns(world, family, there.namespace, there.device, next)
  const strange = unread.filter(({ namespace }) => !heldBeyond(world.topology, namespace, held))
  const open = others.length + strange.length > 0 ? [...blindIn(world), ...others, ...strange.map(unreadText)] : []
  const pinned = space.index.state.neighbours?.find(
    (one) => one.dev === port.device && equal(one.address, next) && one.state.includes('PERMANENT'),
  )
  if (pinned?.mac !== undefined) {
    const end = ends.find((one) => macOf(world, one) === pinned.mac)
    if (end) return { end }
    return open.length > 0 ? unsure(open.join('; ')) : { nobody: true, pinned: pinned.mac }
  }
  if (isMute(space, port.device)) return { nobody: true, lost: `${port.device} has ARP switched off (NOARP)` }
  // What is answered comes up at the bridge, and the port that asked hears nothing (br_handle_frame).
  const bridge = bridgeOver(space, port.device)
  if (bridge !== undefined) {
    const before = learnedBefore(space, port.device, next)
    if (before === undefined)
      return { nobody: true, shut: [`answers come up at ${bridge}, of which ${port.device} is a port`] }
    return unsure(`${port.device} is a port of ${bridge}, which hears the answers, yet knows ${next} at ${before}`)
  }
  const asked = world.learned.get(entry(port, next))
  const known =
    asked &&
    flood(world.topology, port, from, 'one').ends.find(
      ({ namespace, device }) => namespace === asked.namespace && device === asked.device,
    )
  if (known) return { end: known, learned: true }
  const asker = asking(space, family, port.device, packet, next)
  const answers = ends.map((end) => ({ end, answer: answersFor(world, end, family, next, asker) }))
  const certain = answers.filter(({ answer }) => answer === true).map(({ end }) => end)
  const doubt = answers.map(({ answer }) => answer).find(isUnsure)
  const best = distinct(world, family, next, certain)
  const before = learnedBefore(space, port.device, next)
  // Another device of the same machine answered when it was asked last, and is not asked again while that is known.
  const last = before === undefined ? undefined : ends.find((one) => macOf(world, one) === before)
  if (last && !best.includes(last) && best.some(({ namespace }) => namespace === last.namespace))
    return { end: last, learned: true }
  // IPv6 learns from questions that arrive, which rules decide.
  if (family === 4 && asker !== undefined) for (const one of best) learn(world, one, asker, port)
  const deaf = best.length > 0 ? deafTo(world, port) : undefined
  if (deaf !== undefined)
    return unsure(`whether ${port.namespace} knows where ${next} is: no answer to its question comes back by ${deaf}`)
  if (best.length > 1) return { several: best }
  if (best[0]) return { end: best[0] }
  if (doubt) return doubt
  // What is known is asked about again from the device's own address, however strange the packet's (neigh_probe: nothing waits).
  const own = addressOf(space, family, port.device, next, true)
  if (last && answersFor(world, last, family, next, own) === true) return { end: last, learned: true }
  if (!space.index.state.neighbours)
    return unsure(`nobody answers ${port.namespace} for ${next}, and what it knows already (ip neigh) was not read`)
  if (before !== undefined)
    return unsure(`${port.namespace} knows ${next} at ${before}, and nobody whose addresses were read answers for it`)
  return open.length > 0 ? unsure(`nobody known has ${next}: ${[...shut, ...open].join('; ')}`) : { nobody: true, shut }
}

const bridgeOver = ({ index: { links } }: Space, device: string): string | undefined => {
  const master = links.get(device)?.master
  return master !== undefined && links.get(master)?.kind === 'bridge' ? master : undefined
}

const macOf = (world: World, { namespace, device }: Port): string | undefined =>
  world.spaces.get(namespace)?.index.links.get(device)?.mac

/** The link address of an entry that was learned before, which is used while it is there, and asked about again. */
const learnedBefore = ({ index }: Space, device: string, next: string): string | undefined =>
  index.state.neighbours?.find(
    (one) => one.dev === device && equal(one.address, next) && one.state.some((state) => usable.has(state)),
  )?.mac

const usable = new Set(['REACHABLE', 'STALE', 'DELAY', 'PROBE'])

/** It asks for nobody and sends to its own link address; entries that were learned before are gone (arp_constructor, arp_netdev_event). */
const isMute = ({ index }: Space, device: string): boolean => index.links.get(device)?.flags.includes('NOARP') === true

/** Nobody answers, as the sender is told in the end. */
export const silence = (device: string, next: string, shut: readonly string[] = []): string =>
  [`nobody on ${device} answers for ${next}`, ...shut].join('; ')

/** Any of the machines and cables that are not known may be one whose devices were not read. */
const blindIn = ({ topology }: World): readonly string[] =>
  Object.entries(topology.namespaces).flatMap(([name, { links }]) =>
    links ? [] : [`the addresses of ${name} are not known`],
  )

const entry = ({ namespace, device }: Port, address: string): string => `${namespace}\0${device}\0${address}`

/** Who is asked keeps the asker's link address (neigh_event_ns). */
export const learn = (world: World, { namespace, device }: Port, address: string, asker: Port): void => {
  world.learned.set(entry({ namespace, device }, address), asker)
}

/** One end of each namespace: the device that has the address, else the first that answers. */
function distinct(world: World, family: Family, address: string, ends: readonly End[]): readonly End[] {
  const groups = Map.groupBy(ends, ({ namespace }) => namespace)
  return [...groups.values()].flatMap(
    (group) => group.find(({ namespace, device }) => owns(world, family, namespace, device, address)) ?? group[0] ?? [],
  )
}

const owns = (world: World, family: Family, namespace: string, device: string, address: string): boolean => {
  const space = world.spaces.get(namespace)
  return space !== undefined && hasAddress(space, family, device, address)
}

/** The source address of the question (arp_solicit): the packet's own when it is local and may be told there, else the device's. */
function asking(space: Space, family: Family, device: string, packet: Packet, next: string): string | undefined {
  const announce = family === 4 ? (larger(space, 4, device, 'arp_announce') ?? 0) : 0
  const near = announce === 0 || (announce === 1 && onLink(space, device, next, packet.src))
  if (near && isLocal(space, family, packet.src) === true) return packet.src
  return addressOf(space, family, device, next, true)
}

function answersFor(
  world: World,
  { namespace, device }: End,
  family: Family,
  next: string,
  asker: string | undefined,
): boolean | Unsure {
  const space = world.spaces.get(namespace)
  if (!space) return unsure(`namespace ${namespace} is not known`)
  const { links, neighbours } = space.index.state
  if (!links) return unsure(`the addresses of ${namespace} are not known`)
  // A device without ARP takes no question (arp_rcv); of IPv6 it joins no group for its addresses (addrconf_join_solict), and may have joined before.
  if (isMute(space, device))
    return family === 4
      ? false
      : unsure(`whether ${device} of ${namespace}, which has ARP switched off, answers for ${next} is not known`)
  if (neighbours?.some((one) => one.flags.includes('proxy') && one.dev === device && equal(one.address, next)))
    return true
  // IPv6 answers for addresses of the asked device only.
  if (family === 6) return holds6(space, device, next) || proxies6(space, device, next)
  const found = lookup(space, 4, { dst: next, src: asker ?? '', iif: device, mark: 0, tos: 0, uid: 0 })
  if (found.kind === 'unknown') return unsure(`${namespace}: ${found.because}`)
  if (found.kind !== 'route') return false
  const answers =
    found.route.type === 'local'
      ? (filtered(space, device, next, asker) ?? speaks(space, device, next, asker))
      : proxies(space, device, found.route)
  return answers === true && asker !== undefined ? believes(space, device, next, asker) : answers
}

/** An address whose owner is another one, or not yet proven, is not answered for (ndisc_recv_ns). */
function holds6(space: Space, device: string, next: string): boolean | Unsure {
  const own = addressesOn(space, device).find(({ address }) => equal(address, next))
  if (!own || own.flags.includes('dadfailed')) return false
  return own.flags.includes('tentative')
    ? unsure(`whether ${next} is tentative still on ${device} of ${space.name} is not known`)
    : true
}

/** For whom it answers as a proxy stands in a list that `ip neigh` shows only when asked for it (pndisc_is_router in net/ipv6/ndisc.c). */
const proxies6 = (space: Space, device: string, next: string): false | Unsure =>
  ['all', device].some((one) => ofDevice(space, 6, one, 'proxy_ndp') === 1) &&
  ofDevice(space, 6, device, 'forwarding') === 1
    ? unsure(`${device} of ${space.name} may answer for ${next}: net.ipv6.conf.${device}.proxy_ndp is on`)
    : false

/** arp_filter: it speaks only by the device its own way to the asker leaves by (net/ipv4/arp.c). */
function filtered(space: Space, device: string, next: string, asker = ''): false | Unsure | undefined {
  const filter = larger(space, 4, device, 'arp_filter') ?? 0
  if (filter === 0) return undefined
  if (asker === '')
    return unsure(`arp_filter is on for ${device} of ${space.name}, and from which address it is asked is not known`)
  const found = lookup(space, 4, { dst: asker, src: next, iif: 'lo', mark: 0, tos: 0, uid: 0 })
  if (found.kind === 'unknown') return unsure(`${space.name}: ${found.because}`)
  if (found.kind !== 'route') return false
  const ways = found.route.type === 'local' ? ['lo'] : hopsOf(found.route).map(({ dev }) => dev)
  if (!ways.includes(device)) return false
  return ways.every((dev) => dev === device)
    ? undefined
    : unsure(`arp_filter is on for ${device} of ${space.name}, which has several ways to ${asker}`)
}

/** arp_ignore: which of its addresses a namespace speaks for on this device (net/ipv4/arp.c). */
function speaks(space: Space, device: string, next: string, asker: string | undefined): boolean | Unsure {
  const ignore = larger(space, 4, device, 'arp_ignore')
  if (ignore === undefined) {
    const why = `the arp_ignore setting of ${device} of ${space.name} is not known`
    return hasAddress(space, 4, device, next) ? true : unsure(why)
  }
  const own = addressesOn(space, device).find(({ address }) => equal(address, next))
  switch (ignore) {
    case 1:
      return own !== undefined
    case 2:
      return own !== undefined && asker !== undefined && inside(`${own.address}/${own.prefix}`, asker)
    case 3:
      return [...space.index.links.keys()].some((name) =>
        addressesOn(space, name).some(({ address, scope }) => scope !== 'host' && equal(address, next)),
      )
    default:
      return ignore !== 8
  }
}

const onLink = (space: Space, device: string, ...both: readonly string[]): boolean =>
  addressesOn(space, device).some(({ address, prefix }) => both.every((one) => inside(`${address}/${prefix}`, one)))

const addressesOn = ({ index }: Space, device: string): readonly LinkAddress[] =>
  index.links.get(device)?.addresses ?? []

/** The question itself is checked like a packet: a strange source gets no answer. */
function believes(space: Space, device: string, next: string, asker: string): boolean | Unsure {
  if (isLoopback(asker) && larger(space, 4, device, 'route_localnet') !== 1) return false
  const valid = validSource(space, 4, { src: asker, dst: next, dev: device, mark: 0 })
  return isUnsure(valid) ? unsure(`${space.name}: ${valid.unknown}`) : valid === true
}

function proxies(space: Space, device: string, route: Route): boolean | Unsure {
  const proxy = larger(space, 4, device, 'proxy_arp')
  if (proxy === undefined) return unsure(`the proxy_arp setting of ${device} of ${space.name} is not known`)
  if (proxy === 0 || ofDevice(space, 4, device, 'forwarding') !== 1) return false
  return route.type === 'unicast' && !hopsOf(route).some(({ dev }) => dev === device)
}
