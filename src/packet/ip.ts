import { boolean, marked, number, parseRecords, record, records, string, strings } from './json.ts'
import type { Json } from './json.ts'
import { present } from './parsed.ts'
import type { Parsed } from './parsed.ts'

/** One address of a device. */
export interface LinkAddress {
  readonly family: 4 | 6
  readonly address: string
  readonly prefix: number
  /** host, link, global */
  readonly scope: string
  /** The other end of a point-to-point address. */
  readonly peer?: string
  readonly broadcast?: string
  /** dynamic, secondary, tentative, dadfailed, deprecated, … */
  readonly flags: readonly string[]
}

/** The other end of a veth, or the device below a vlan, macvlan or ipvlan. */
export interface Beneath {
  /** Its index, in its own namespace when `netns` is given. */
  readonly index?: number
  /** Known when it is in the same namespace. */
  readonly name?: string
  /** This namespace's id for the other namespace (`ip netns list-id`). */
  readonly netns?: number
}

/** A bridge's own settings. A missing switch was not printed. */
export interface BridgeSettings {
  readonly nfCallIptables?: boolean
  readonly nfCallIp6tables?: boolean
  readonly vlanFiltering?: boolean
  readonly stp?: boolean
}

/** What a bridge holds about one of its ports. */
export interface PortSettings {
  /** forwarding, disabled, blocking, listening, learning */
  readonly state?: string
  readonly hairpin?: boolean
  readonly isolated?: boolean
}

export interface Link {
  readonly index: number
  readonly name: string
  /** bridge, veth, macvlan, ipvlan, vlan, tun, … when `-d` was given; otherwise the link type: ether, loopback, none. */
  readonly kind: string
  /** UP, LOWER_UP, NO-CARRIER, BROADCAST, … */
  readonly flags: readonly string[]
  /** Administratively up (flag UP). */
  readonly up: boolean
  /** Up with a carrier (flag LOWER_UP). */
  readonly carrier: boolean
  readonly operstate: string
  /** Bytes. */
  readonly mtu: number
  readonly mac?: string
  /** Name of the bridge, bond or vrf it belongs to. */
  readonly master?: string
  readonly beneath?: Beneath
  /** Mode of a macvlan or ipvlan: bridge, private, l2, l3, … */
  readonly mode?: string
  readonly bridge?: BridgeSettings
  readonly port?: PortSettings
  /** Empty for `ip link show`, which prints none. */
  readonly addresses: readonly LinkAddress[]
}

export interface Neighbour {
  readonly address: string
  readonly dev: string
  readonly mac?: string
  /** REACHABLE, STALE, DELAY, PROBE, FAILED, INCOMPLETE, PERMANENT, NOARP; empty for proxy entries. */
  readonly state: readonly string[]
  /** router, proxy, extern_learn */
  readonly flags: readonly string[]
}

/** Reads `ip -j [-d] addr show` and `ip -j [-d] link show`. */
export const parseLinks = (text: string): Parsed<readonly Link[]> => parseRecords(text, readLink)

/** Reads `ip -j neigh show`. */
export const parseNeighbours = (text: string): Parsed<readonly Neighbour[]> =>
  parseRecords(text, (entry) => {
    const [address, dev] = [string(entry, 'dst'), string(entry, 'dev')]
    if (address === undefined || dev === undefined) return 'a neighbour without address or device'
    return present<Neighbour>({
      address,
      dev,
      mac: string(entry, 'lladdr'),
      state: strings(entry, 'state'),
      flags: marked(entry),
    })
  })

function readLink(entry: Json): Link | string {
  const [index, name, mtu] = [number(entry, 'ifindex'), string(entry, 'ifname'), number(entry, 'mtu')]
  if (index === undefined || name === undefined || mtu === undefined) return 'a device without index, name or MTU'
  const info = record(entry, 'linkinfo') ?? {}
  const data = record(info, 'info_data') ?? {}
  const kind = string(info, 'info_kind') ?? string(entry, 'link_type') ?? 'unknown'
  const flags = strings(entry, 'flags')
  const addresses = records(entry, 'addr_info').map(readAddress)
  const odd = addresses.find((address) => typeof address === 'string')
  if (odd !== undefined) return `${name}: ${odd}`
  return present<Link>({
    index,
    name,
    kind,
    flags,
    up: flags.includes('UP'),
    carrier: flags.includes('LOWER_UP'),
    operstate: string(entry, 'operstate') ?? 'UNKNOWN',
    mtu,
    mac: string(entry, 'address'),
    master: string(entry, 'master'),
    beneath: readBeneath(entry),
    mode: kind === 'bridge' ? undefined : string(data, 'mode'),
    bridge: kind === 'bridge' ? readBridge(data) : undefined,
    port: string(info, 'info_slave_kind') === 'bridge' ? readPort(record(info, 'info_slave_data') ?? {}) : undefined,
    addresses: addresses.filter((address) => typeof address !== 'string'),
  })
}

function readAddress(entry: Json): LinkAddress | string {
  const [family, address, prefix] = [string(entry, 'family'), string(entry, 'local'), number(entry, 'prefixlen')]
  if ((family !== 'inet' && family !== 'inet6') || address === undefined || prefix === undefined)
    return 'an address without family, value or prefix'
  return present<LinkAddress>({
    family: family === 'inet' ? 4 : 6,
    address,
    prefix,
    scope: string(entry, 'scope') ?? 'global',
    // iproute2 names the far end of a point-to-point address `address`.
    peer: string(entry, 'address'),
    broadcast: string(entry, 'broadcast'),
    flags: marked(entry),
  })
}

function readBeneath(entry: Json): Beneath | undefined {
  const beneath = present<Beneath>({
    index: number(entry, 'link_index'),
    name: string(entry, 'link'),
    netns: number(entry, 'link_netnsid'),
  })
  return Object.keys(beneath).length > 0 ? beneath : undefined
}

const readBridge = (data: Json): BridgeSettings =>
  present<BridgeSettings>({
    nfCallIptables: boolean(data, 'nf_call_iptables'),
    nfCallIp6tables: boolean(data, 'nf_call_ip6tables'),
    vlanFiltering: boolean(data, 'vlan_filtering'),
    stp: boolean(data, 'stp_state'),
  })

const readPort = (data: Json): PortSettings =>
  present<PortSettings>({
    state: string(data, 'state'),
    hairpin: boolean(data, 'hairpin'),
    isolated: boolean(data, 'isolated'),
  })
