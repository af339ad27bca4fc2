import { memo } from './indexed.ts'
import { familyOfPacket } from './packet.ts'
import type { Leg } from './segment.ts'
import { unknownAt, whereOf } from './world.ts'
import type { Sight } from './world.ts'
import type { Verdict } from './types.ts'

/** Rules on frames (families netdev and bridge) are not modelled: a frame that would meet some is unknown. */
export function hookedOutside(sight: Sight, leg: Leg): Verdict | undefined {
  const { index } = sight.space
  const { nft } = index.state
  if (!nft) return undefined
  const chains = memo(index, 'frame chains', () =>
    nft.chains.filter(
      ({ family, table, base }) =>
        base !== undefined &&
        (family === 'netdev' ||
          family === 'bridge' ||
          family === 'arp' ||
          base.hook === 'ingress' ||
          base.hook === 'egress') &&
        (base.policy === 'drop' || nft.rules.some((rule) => rule.family === family && rule.table === table)),
    ),
  )
  const met = chains.find(({ family, base }) =>
    family === 'arp'
      ? familyOfPacket(sight.packet) === 4 && leg.kind !== 'bridge'
      : leg.kind === 'bridge'
        ? family === 'bridge'
        : base?.dev === leg.device && (base.hook === 'ingress') === (leg.kind === 'in'),
  )
  if (!met) return undefined
  const where = whereOf(sight, { by: 'nftables', table: `${met.family} ${met.table}`, chain: met.name })
  return unknownAt(where, 'rules on frames are not modelled')
}
