import type { Family } from '../ipaddr.ts'
import type { Save } from '../iptables.ts'
import type { Match } from '../iptables-match.ts'
import type { Target } from '../iptables-target.ts'
import { isRecord } from '../json.ts'
import type { NftRuleset } from '../nft.ts'
import { memo } from './indexed.ts'
import type { Space } from './world.ts'

/** A namespace knows connections only while a rule of this family asks for them (nf_ct_netns_get); NAT chains do not. */
export const tracks = ({ index }: Space, family: Family): boolean =>
  memo(index, `tracks ${family}`, () => {
    const { iptables4, iptables6, legacy4, legacy6, nft } = index.state
    const saves = family === 4 ? [iptables4, legacy4] : [iptables6, legacy6]
    return saves.some((save) => save !== undefined && inSave(save)) || (nft !== undefined && inRuleset(nft, family))
  })

const inSave = ({ tables }: Save): boolean =>
  tables.some(({ chains }) =>
    chains.some(({ rules }) =>
      rules.some(({ matches, target }) => matches.some(matchNeeds) || (target !== undefined && targetNeeds(target))),
    ),
  )

const modules = new Set(['connlimit', 'connbytes', 'connlabel', 'helper', 'cluster', 'conntrack', 'state', 'connmark'])

const matchNeeds = (match: Match): boolean =>
  match.kind === 'unknown' || match.kind === 'chance'
    ? modules.has(match.module)
    : ['ctstate', 'conntrack', 'connmark'].includes(match.kind)

const targets = new Set<Target['kind']>(['dnat', 'snat', 'masquerade', 'redirect', 'netmap', 'connmark'])

/** NOTRACK alone needs none (xt_CT.c). */
const targetNeeds = (target: Target): boolean =>
  targets.has(target.kind) ||
  ((target.kind === 'continue' || target.kind === 'unknown') && ['CT', 'CONNSECMARK', 'SYNPROXY'].includes(target.name))

function inRuleset({ rules }: NftRuleset, family: Family): boolean {
  const families = new Set([family === 4 ? 'ip' : 'ip6', 'inet', 'bridge'])
  return rules.some((rule) => families.has(rule.family) && rule.expr.some((one) => mentions(one, 0)))
}

const statements = new Set(
  'ct,ct count,ct helper,ct timeout,ct expectation,dnat,snat,masquerade,redirect,flow,synproxy'.split(','),
)

/** Deeper than any expression nft prints. */
const deepest = 12

function mentions(value: unknown, depth: number): boolean {
  if (depth > deepest) return false
  if (Array.isArray(value)) return (value as unknown[]).some((one) => mentions(one, depth + 1))
  return (
    isRecord(value) && Object.entries(value).some(([key, body]) => statements.has(key) || mentions(body, depth + 1))
  )
}
