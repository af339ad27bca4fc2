import type { IptablesSave, NftRuleset } from '../../knowledge/shapes/packet.ts'
import type { Stop, Translation } from '../../knowledge/shapes/crossing.ts'
import { walkFirstMatch, type Step, type Walked } from '../../packet/rules.ts'
import type { Packet } from '../../packet/rules-match.ts'
import { isManaged, passNative, translatesNatively } from './native.ts'

/** The rules of one host, as far as they are known. */
export interface Host {
  readonly iptables?: IptablesSave
  readonly legacy?: IptablesSave
  readonly nft?: NftRuleset
}
export interface Unsure {
  readonly unknown: string
  /** It is the same for no two callers. */
  readonly why?: 'not-named'
}
export const isUnsure = (value: object): value is Unsure => 'unknown' in value

type Hook = 'input' | 'forward' | 'output'

/** Everything that acts on a packet of this host, or what of it is not known. */
interface Whole {
  readonly iptables: IptablesSave
  readonly other: IptablesSave | null
  readonly nft: NftRuleset
}

function wholeOf({ iptables, legacy, nft }: Host): Whole | Unsure {
  if (!iptables) return { unknown: 'the iptables rules are not known' }
  if (!nft) return { unknown: 'the nftables ruleset is not known' }
  const other = hasOther(iptables) ? legacy : null
  if (other === undefined) return { unknown: 'the iptables-legacy rules are not known' }
  // iptables-save misprints native rules inside its tables; those have no counter, which its own always have.
  const native =
    iptables.backend === 'legacy'
      ? undefined
      : nft.rules.find((rule) => rule.family === 'ip' && isManaged(rule) && !rule.counted)
  if (native) return { unknown: `table ip ${native.table} holds a native nftables rule: ${native.text}` }
  return { iptables, other, nft }
}

/** The nft variant says itself whether legacy tables act on the same packets; an empty save says nothing. */
const hasOther = ({ backend, legacyTablesPresent }: IptablesSave): boolean =>
  backend === 'unknown' || (backend === 'nf_tables' && legacyTablesPresent)

/** A packet at one hook of the filter tables: the first of iptables, iptables-legacy and nftables that stops it. */
export function pass(host: Host, hook: Hook, packet: Packet): Stop | null | Unsure {
  const whole = wholeOf(host)
  if ('unknown' in whole) return whole
  const chain = hook.toUpperCase()
  const { iptables, other, nft } = whole
  return (
    filtered('iptables', iptables, chain, packet) ??
    (other && filtered('iptables-legacy', other, chain, packet)) ??
    passNative(nft, hook, packet)
  )
}

/** The tables that may stop a packet, in the order in which it meets them. */
function filtered(
  by: 'iptables' | 'iptables-legacy',
  save: IptablesSave,
  chain: string,
  packet: Packet,
): Stop | null | Unsure {
  for (const table of ['mangle', 'filter', 'security']) {
    const walked = walkFirstMatch(save, table, chain, packet)
    if (walked.verdict === 'unknown') return { unknown: sayUnknown(by, table, walked) }
    if (walked.verdict !== 'drop' && walked.verdict !== 'reject') continue
    const { trace, verdict } = walked
    const via = [chain, ...new Set(trace.map((step) => step.chain).filter((name) => name !== chain))]
    const last = trace.findLast((step) => step.chain === chain)
    return 'at' in walked
      ? { by, table, chain: walked.at.chain, rule: walked.at.rule.text, verdict, via, at: last?.rule.n ?? null }
      : { by, table, chain, rule: null, verdict, via: [chain], at: null }
  }
  return null
}

const sayUnknown = (by: string, table: string, walked: Walked & { verdict: 'unknown' }): string =>
  `${by}, table ${table}${walked.at ? `, ${walked.at.rule.text}` : ''}: ${walked.because}`

/** What the NAT of a host makes of a new connection that comes in (`PREROUTING`) or starts here (`OUTPUT`). */
export function translate(host: Host, chain: 'PREROUTING' | 'OUTPUT', packet: Packet): Translated | Unsure {
  const whole = wholeOf(host)
  if ('unknown' in whole) return whole
  const { iptables, other, nft } = whole
  const raw = walkFirstMatch(iptables, 'raw', chain, packet)
  if (raw.verdict === 'unknown') return { unknown: sayUnknown('iptables', 'raw', raw) }
  const exempt = raw.trace.find(({ rule }) => rule.target?.kind === 'notrack')
  if (exempt) return { made: { kind: 'untracked', rule: exempt.rule.text }, mark: raw.mark }
  const mangled = walkFirstMatch(iptables, 'mangle', chain, marked(packet, raw.mark))
  if (mangled.verdict === 'unknown') return { unknown: sayUnknown('iptables', 'mangle', mangled) }
  const walked = walkFirstMatch(iptables, 'nat', chain, marked(packet, mangled.mark))
  const made = natOf(walked)
  if ('unknown' in made) return made
  const second = other && natOf(walkFirstMatch(other, 'nat', chain, packet))
  if (second && ('unknown' in second || second.kind !== 'none'))
    return { unknown: 'iptables-legacy translates addresses too; which of the two comes first is not visible' }
  if (translatesNatively(nft, chain.toLowerCase(), packet))
    return { unknown: 'a native nftables table translates addresses too' }
  return { made, mark: walked.mark }
}

interface Translated {
  readonly made: Translation
  /** The packet's mark after it, where it is known. */
  readonly mark: number | undefined
}

const marked = (packet: Packet, mark: number | undefined): Packet => (mark === undefined ? packet : { ...packet, mark })

function natOf(walked: Walked): Translation | Unsure {
  if (walked.verdict === 'accept' || walked.verdict === 'none') return { kind: 'none' }
  if (walked.verdict === 'unknown') return { unknown: sayUnknown('iptables', 'nat', walked) }
  if (walked.verdict !== 'dnat' || !('at' in walked)) return { unknown: `table nat says ${walked.verdict}` }
  const { at, trace } = walked
  const to = at.rule.target?.kind === 'dnat' ? at.rule.target.to : undefined
  const port = to?.ports?.from
  if (to?.address === undefined || to.lastAddress !== undefined || port === undefined || to.ports?.to !== port)
    return { unknown: `${at.rule.text}: no single address and port` }
  return { kind: 'to', address: to.address, port, chain: at.chain, rule: at.rule.text, alloc: allocOf(trace) }
}

/** The portmap plug-in writes the container id, which is the allocation's, into the comment of its entry rule. */
function allocOf(trace: readonly Step[]): string | null {
  for (const { rule } of trace)
    for (const match of rule.matches) {
      const id = match.kind === 'comment' ? /\bid: \\?"([0-9a-f-]{36})/.exec(match.comment)?.[1] : undefined
      if (id !== undefined) return id
    }
  return null
}

/** Whether the source address of a new connection is changed on its way out, and by which rule. */
export function masquerade(host: Host, packet: Packet): { readonly rule: string | null } | Unsure {
  const whole = wholeOf(host)
  if ('unknown' in whole) return whole
  const { iptables, other, nft } = whole
  const walked = walkFirstMatch(iptables, 'nat', 'POSTROUTING', packet)
  if (walked.verdict === 'unknown') return { unknown: sayUnknown('iptables', 'nat', walked) }
  if (walked.verdict === 'masquerade' || walked.verdict === 'snat' || walked.verdict === 'netmap')
    return { rule: walked.at.rule.text }
  const second = other && walkFirstMatch(other, 'nat', 'POSTROUTING', packet)
  if (second && second.verdict !== 'accept' && second.verdict !== 'none')
    return { unknown: 'iptables-legacy changes source addresses too' }
  if (translatesNatively(nft, 'postrouting', packet))
    return { unknown: 'a native nftables table changes source addresses too' }
  return { rule: null }
}

/** What is known of the rules of one side's client. */
export const hostOf = (known: Readonly<Record<string, unknown>>, side: 'source' | 'target'): Host => {
  const [iptables, legacy, nft] = ['iptables', 'iptables.legacy', 'nft'].map((fact) => known[`${side}.node.${fact}`])
  return {
    ...(iptables ? { iptables: iptables as IptablesSave } : {}),
    ...(legacy ? { legacy: legacy as IptablesSave } : {}),
    ...(nft ? { nft: nft as NftRuleset } : {}),
  }
}
