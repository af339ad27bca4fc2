import type { Route } from '../ip-route.ts'
import type { Save } from '../iptables.ts'
import type { NftRuleset } from '../nft.ts'
import type { Index } from './indexed.ts'

const hooks = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'])
const kept = new Set(['raw', 'mangle', 'nat', 'filter', 'security'])

/**
 * Two replies of one namespace that cannot both be true: `iptables-save` of the nft backend, or an empty one, leaves
 * out a table whose hooks `nft list ruleset` has as iptables writes them.
 */
export function rulesDiffer(name: string, save: Save, ruleset: NftRuleset, family: 'ip' | 'ip6'): string | undefined {
  if (save.backend === 'legacy') return undefined
  const printed = new Set([...save.tables.map((table) => table.name), ...save.incompatible])
  const missing = ruleset.chains.find(
    (chain) =>
      chain.family === family &&
      chain.base !== undefined &&
      kept.has(chain.table) &&
      hooks.has(chain.name) &&
      !printed.has(chain.table) &&
      ruleset.rules.some((rule) => rule.family === family && rule.table === chain.table && rule.counted),
  )
  return (
    missing &&
    `${name}-save prints no table ${missing.table}, and nft list ruleset has rules in it: one of them is not of the same moment or backend`
  )
}

/** A route over a device that `ip addr` does not have. */
export function routeDiffers({ state, links }: Index, { dev, hops }: Route): string | undefined {
  if (!state.links) return undefined
  const strange = [dev, ...hops.map((hop) => hop.dev)].find((one) => one !== undefined && !links.has(one))
  return strange === undefined ? undefined : `a route leads over ${strange}, and ip addr has no such device`
}
