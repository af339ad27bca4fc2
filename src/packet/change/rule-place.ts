import type { RuleBody } from '../iptables-rule.ts'

/** Tables and base chains that take a target; a chain of one's own is only held to its table. */
const places: Readonly<Record<string, readonly [tables: readonly string[], hooks: readonly string[]]>> = {
  dnat: [['nat'], ['PREROUTING', 'OUTPUT']],
  redirect: [['nat'], ['PREROUTING', 'OUTPUT']],
  snat: [['nat'], ['POSTROUTING', 'INPUT']],
  masquerade: [['nat'], ['POSTROUTING']],
  netmap: [['nat'], ['PREROUTING', 'OUTPUT', 'POSTROUTING', 'INPUT']],
  reject: [['filter'], ['INPUT', 'FORWARD', 'OUTPUT']],
  tproxy: [['mangle'], ['PREROUTING']],
  notrack: [['raw'], ['PREROUTING', 'OUTPUT']],
}
const ported = new Set(['tcp', 'udp', 'sctp', 'dccp', 'udplite'])

/** Why iptables would not take the rule here; undefined where it would. */
export function misplaced(
  table: string,
  chain: string,
  own: boolean,
  { matches, target }: RuleBody,
): string | undefined {
  const asks = (kind: string): boolean => matches.some((one) => one.kind === kind)
  if (!own && asks('out') && /^(PREROUTING|INPUT)$/.test(chain)) return `-o has no meaning in ${chain}`
  if (!own && asks('in') && /^(POSTROUTING|OUTPUT)$/.test(chain)) return `-i has no meaning in ${chain}`
  const proto = matches.find((one) => one.kind === 'proto')
  const named = proto?.kind === 'proto' && !proto.negated ? proto.proto : undefined
  if (asks('sport') || asks('dport') || asks('multiport')) {
    if (named === undefined || !ported.has(named)) return 'ports need a protocol that has them'
  }
  if (asks('tcp-flags') && named !== 'tcp') return 'flags need the protocol tcp'
  if (asks('icmp-type') && !named?.includes('icmp')) return 'a type of ICMP needs its protocol'
  if (!target) return undefined
  if (target.kind === 'drop' && table === 'nat') return 'the table nat takes no DROP'
  const [tables, hooks] = places[target.kind] ?? []
  if (tables && !tables.includes(table)) return `-j ${target.text} belongs in the table ${tables.join(', ')}`
  if (hooks && !own && !hooks.includes(chain)) return `-j ${target.text} has no meaning in ${chain}`
  if (target.kind === 'reject' && target.with === 'tcp-reset' && named !== 'tcp') return 'only TCP is reset'
  const ports =
    'to' in target && typeof target.to === 'object' ? target.to.ports : 'ports' in target ? target.ports : undefined
  return ports && (named === undefined || !ported.has(named)) ? 'ports need a protocol that has them' : undefined
}
