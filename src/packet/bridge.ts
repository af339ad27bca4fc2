import { boolean, number, parseRecords, string, strings } from './json.ts'
import { present } from './parsed.ts'
import type { Parsed } from './parsed.ts'

/** One port of a bridge. Its `link` field is left out: bridge resolves a peer's index in the wrong namespace. */
export interface BridgePort {
  readonly index: number
  readonly name: string
  /** Name of the bridge. */
  readonly master?: string
  /** forwarding, disabled, blocking, listening, learning */
  readonly state?: string
  /** Frames may leave by the port they came in. Absent without `-d`. */
  readonly hairpin?: boolean
  /** Talks to ports that are not isolated only. */
  readonly isolated?: boolean
  readonly learning?: boolean
  /** Frames for an address that is not in the forwarding database leave by it. Absent without `-d`. */
  readonly flood?: boolean
  /** The same for frames to all that come in by another port. */
  readonly broadcastFlood?: boolean
  readonly flags: readonly string[]
  /** Bytes. */
  readonly mtu?: number
}

/** One entry of the forwarding database: behind which port a MAC address is. */
export interface FdbEntry {
  readonly mac: string
  readonly dev: string
  readonly master?: string
  /** permanent, static, stale, or empty for a learned entry. */
  readonly state: string
  readonly vlan?: number
  /** Remote end, for tunnels. */
  readonly dst?: string
  /** self, master, extern_learn, … */
  readonly flags: readonly string[]
}

/** Reads `bridge -j -d link show`. */
export const parseBridgePorts = (text: string): Parsed<readonly BridgePort[]> =>
  parseRecords(text, (entry) => {
    const [index, name] = [number(entry, 'ifindex'), string(entry, 'ifname')]
    if (index === undefined || name === undefined) return 'a port without index or name'
    return present<BridgePort>({
      index,
      name,
      master: string(entry, 'master'),
      state: string(entry, 'state'),
      hairpin: boolean(entry, 'hairpin'),
      isolated: boolean(entry, 'isolated'),
      learning: boolean(entry, 'learning'),
      flood: boolean(entry, 'flood'),
      broadcastFlood: boolean(entry, 'bcast_flood'),
      flags: strings(entry, 'flags'),
      mtu: number(entry, 'mtu'),
    })
  })

/** Reads `bridge -j fdb show`. */
export const parseFdb = (text: string): Parsed<readonly FdbEntry[]> =>
  parseRecords(text, (entry) => {
    const [mac, dev] = [string(entry, 'mac'), string(entry, 'ifname')]
    if (mac === undefined || dev === undefined) return 'an entry without MAC address or device'
    return present<FdbEntry>({
      mac,
      dev,
      master: string(entry, 'master'),
      state: string(entry, 'state') ?? '',
      vlan: number(entry, 'vlan'),
      dst: string(entry, 'dst'),
      flags: strings(entry, 'flags'),
    })
  })
