import { isRecord } from '../json.ts'
import { isDormant } from '../nft.ts'
import type { NftChain, NftRule, NftRuleset } from '../nft.ts'
import { memo } from './indexed.ts'
import { cannotMatch, nftRules } from './nft-program.ts'
import { familyOfPacket } from './packet.ts'
import type { Leg } from './segment.ts'
import { unknownAt, whereOf } from './world.ts'
import type { Sight } from './world.ts'
import type { Verdict } from './types.ts'

/** Rules on frames (families netdev and bridge) are not modelled: a frame that one of them may stop is unknown. */
export function hookedOutside(sight: Sight, leg: Leg): Verdict | undefined {
  const { index } = sight.space
  const { nft } = index.state
  if (!nft) return undefined
  const chains = memo(index, 'frame chains', () => frameChains(nft))
  for (const { chain, decisive } of chains) {
    if (!meets(chain, leg, sight)) continue
    const rule = decisive.find((one) => !cannotMatch(nft, one, sight))
    if (!rule && chain.base?.policy !== 'drop') continue
    const at = rule && { chain: rule.chain, rule: rule.n, text: rule.text }
    const where = whereOf(sight, { by: 'nftables', table: `${chain.family} ${chain.table}`, chain: chain.name, ...at })
    return unknownAt(where, 'rules on frames are not modelled')
  }
  return undefined
}

interface FrameChain {
  readonly chain: NftChain
  /** Rules the frame may come to, also those of chains that may be jumped to, which do more than let it go on. */
  readonly decisive: readonly NftRule[]
}

const families = new Set(['netdev', 'bridge', 'arp'])

const frameChains = (nft: NftRuleset): readonly FrameChain[] =>
  nft.chains.flatMap((chain): FrameChain[] => {
    const { family, table, name, base } = chain
    if (!base || !(families.has(family) || base.hook === 'ingress' || base.hook === 'egress')) return []
    if (isDormant(nft, family, table) === true) return []
    const near = nft.chains.filter((one) => one.family === family && one.table === table && !one.base)
    const rules = [name, ...near.map((one) => one.name)].flatMap((one) => nftRules(nft, family, table, one))
    return [{ chain, decisive: rules.filter(({ expr }) => expr.some(decides)) }]
  })

/** What neither ends nor changes a frame; jumps lead to rules that are looked at themselves. */
const harmless = new Set(['match', 'counter', 'log', 'comment', 'last', 'limit', 'quota'])
const onward = new Set(['accept', 'return', 'continue', 'jump', 'goto'])

function decides(expression: unknown): boolean {
  const [kind = ''] = isRecord(expression) ? Object.keys(expression) : []
  return !harmless.has(kind) && !onward.has(kind)
}

function meets({ family, base }: NftChain, leg: Leg, { packet }: Sight): boolean {
  if (family === 'arp') return familyOfPacket(packet) === 4 && leg.kind !== 'bridge'
  if (family === 'bridge') return leg.kind === 'bridge'
  // What a bridge hands up comes in by the bridge's own device.
  const way = leg.kind === 'out' ? 'egress' : leg.kind === 'bridge' && leg.to !== undefined ? undefined : 'ingress'
  // Not every version of nft prints the devices: then it may be any.
  return base?.hook === way && base?.devices?.includes(leg.device) !== false
}
