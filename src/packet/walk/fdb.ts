import type { BridgePort, FdbEntry } from '../bridge.ts'
import { memo } from './indexed.ts'
import { joinsOf, keyOf, type Leg } from './segment.ts'
import { unknownAt, whereOf } from './world.ts'
import type { Sight, World } from './world.ts'
import type { Port, Verdict } from './types.ts'

/**
 * What becomes of a frame that a bridge is to send out of port `to`, behind which its receiver is; undefined: it goes
 * there. A frame goes where the forwarding database has its address, else to every port that floods (br_forward.c).
 */
export function misdirected(sight: Sight, bridge: string, to: string, rest: readonly Leg[]): Verdict | undefined {
  const { space, packet } = sight
  const { fdb, bridgePorts } = space.index.state
  const port = bridgePorts?.find(({ name }) => name === to)
  const mac = macAt(sight, rest)
  const found = (mac === undefined ? undefined : entriesOf(sight)?.get(`${bridge} ${mac}`)) ?? []
  if (found.some(({ dev }) => dev === to)) return undefined
  const fixed = found.find(({ state }) => state === 'static' || state === 'permanent')
  if (!fixed && port?.flood !== false) return undefined
  const learns = port?.learning !== false
  // Whoever asked was heard on its port, which takes an entry that is not sticky with it.
  if (packet.answers && learns && fixed?.state !== 'permanent' && !fixed?.flags.includes('sticky')) return undefined
  const address = mac ?? 'the receiver'
  const text = fixed ? `${fixed.mac} dev ${fixed.dev} master ${bridge} ${fixed.state}` : `flood of ${to} is off`
  const where = whereOf({ ...sight, at: 'bridge', oif: to }, { text })
  if (fixed && isCertain(fixed, port))
    return { kind: 'dropped', why: `the bridge sends frames for ${address} to ${fixed.dev}, not to ${to}`, by: where }
  if (fixed)
    return unknownAt(where, `the bridge sends frames for ${address} to ${fixed.dev} until it hears it on ${to}`)
  if (!fdb || mac === undefined)
    return unknownAt(where, `whether the bridge knows that ${address} is behind ${to} is not known`)
  return learns
    ? unknownAt(where, `the bridge sends frames for ${address} to ${to} only once it heard it there`)
    : {
        kind: 'dropped',
        why: `the bridge does not know that ${address} is behind ${to}, and neither learns nor floods there`,
        by: where,
      }
}

/** The bridge's own address, or one that no frame from elsewhere moves. */
const isCertain = ({ state, flags }: FdbEntry, port: BridgePort | undefined): boolean =>
  state === 'static' && (flags.includes('sticky') || port?.learning === false)

/** Entries of bridges, not those of devices themselves, and none of a VLAN: those are not modelled. */
const entriesOf = ({ space: { index } }: Sight): ReadonlyMap<string, readonly FdbEntry[]> | undefined =>
  memo(index, 'fdb', () => {
    const own = index.state.fdb?.filter(({ master, vlan }) => master !== undefined && vlan === undefined)
    return own && Map.groupBy(own, ({ master, mac }) => `${master ?? ''} ${mac.toLowerCase()}`)
  })

/** The link address of who gets the frame in the end. */
function macAt({ world }: Sight, rest: readonly Leg[]): string | undefined {
  const last = rest.at(-1)
  return last && world.spaces.get(last.namespace)?.index.links.get(last.device)?.mac?.toLowerCase()
}

/** The port of a bridge behind which `asker` is, and out of which no answer to it goes: it is not known there, and not learned. */
export function deafTo({ topology, spaces }: World, asker: Port): string | undefined {
  for (const join of joinsOf(topology).get(keyOf(asker)) ?? []) {
    if (join.kind !== 'veth') continue
    const there = keyOf(join.a) === keyOf(asker) ? join.b : join.a
    const { index } = spaces.get(there.namespace) ?? {}
    const port = index?.state.bridgePorts?.find(({ name }) => name === there.device)
    const mac = spaces.get(asker.namespace)?.index.links.get(asker.device)?.mac?.toLowerCase()
    const known = index?.state.fdb?.filter((one) => one.master === port?.master && one.mac.toLowerCase() === mac) ?? []
    if (known.some(({ dev }) => dev === there.device)) continue
    const deaf = port?.flood === false && port.learning === false
    if (deaf || known.some((one) => isCertain(one, port))) return `${there.device} of ${there.namespace}`
  }
  return undefined
}
