import type { NftBase, NftRuleset } from '../nft.ts'
import { strange, type Refused } from './refused.ts'

type Made = Pick<NftRuleset, 'tables' | 'chains'>

/** Names of iptables' own tables: it takes one of that name for its own. */
const ofIptables = new Set(['raw', 'mangle', 'nat', 'filter', 'security'])
/** Priorities by name (nft(8)); dstnat and srcnat each on its own hook. */
const named: Readonly<Record<string, number>> = { raw: -300, mangle: -150, filter: 0, security: 50 }
const hooks: Readonly<Record<string, readonly string[]>> = {
  filter: ['prerouting', 'input', 'forward', 'output', 'postrouting'],
  nat: ['prerouting', 'input', 'output', 'postrouting'],
  route: ['output'],
}

/** `nft add table FAMILY TABLE`: an empty one; one that is there stays as it is. */
export function addTable({ tables, chains }: NftRuleset, family: string, name: string): Made | Refused {
  if (name === '') return strange('')
  if (tables.some((one) => one.family === family && one.name === name)) return { tables, chains }
  if (/^ip6?$/.test(family) && ofIptables.has(name))
    return { not: `iptables takes table ${family} ${name} for its own` }
  return { tables: [...tables, { family, name }], chains }
}

/** `nft add chain FAMILY TABLE CHAIN [{ type filter hook forward priority 0; policy accept; }]` of a table that exists. */
export function addChain(
  { tables, chains }: NftRuleset,
  [family, table, name]: readonly [string, string, string],
  body: string,
): Made | Refused {
  if (name === '') return strange('')
  if (chains.some((one) => one.family === family && one.table === table && one.name === name))
    return body === '' ? { tables, chains } : { not: `there is a chain ${name} in ${family} ${table} already` }
  const base = body === '' ? undefined : baseOf(body, family)
  if (base && 'not' in base) return base
  // The kernel calls the newest of one priority first (net/netfilter/core.c, nf_hook_entries_grow).
  return { tables, chains: [{ family, table, name, ...(base ? { base } : {}) }, ...chains] }
}

function baseOf(body: string, family: string): NftBase | Refused {
  const [, type = '', hook = '', at = '', policy = 'accept'] =
    /^\{ *type (\w+) hook (\w+) priority ([^;]+?) *;(?: *policy (accept|drop) *;?)? *\}$/.exec(body) ?? []
  if (!hooks[type]?.includes(hook)) return strange(body, 'of a base chain type, hook, priority and policy are modelled')
  if (!/^(ip6?|inet)$/.test(family)) return { not: `a base chain of family ${family} is not modelled` }
  const prio = priorityOf(at, hook)
  if (prio === undefined) return strange(body, `${at} is no priority of hook ${hook}`)
  if (type === 'nat' && (policy === 'drop' || prio <= -200)) return { not: 'such a chain of type nat is not modelled' }
  return { hook, prio, type, policy: policy === 'drop' ? 'drop' : 'accept' }
}

/** `0`, `-100`, `filter`, `filter + 10`. */
function priorityOf(text: string, hook: string): number | undefined {
  if (/^-?\d{1,9}$/.test(text)) return Number(text)
  const [, word = '', sign = '+', by = '0'] = /^([a-z]+)(?: *([+-]) *(\d{1,9}))?$/.exec(text) ?? []
  const nat =
    word === 'dstnat' && hook === 'prerouting' ? -100 : word === 'srcnat' && hook === 'postrouting' ? 100 : undefined
  const from = Object.hasOwn(named, word) ? named[word] : nat
  return from === undefined ? undefined : from + Number(`${sign}${by}`)
}
