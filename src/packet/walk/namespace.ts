import { parseBridgePorts, parseFdb } from '../bridge.ts'
import { parseConntrack } from '../conntrack.ts'
import { parseLinks, parseNeighbours } from '../ip.ts'
import { parseRouteRules, parseRoutes } from '../ip-route.ts'
import { parseIptablesSave } from '../iptables.ts'
import { parseNftRuleset } from '../nft.ts'
import { present } from '../parsed.ts'
import type { Parsed } from '../parsed.ts'
import { parseListeners } from '../ss.ts'
import { parseSysctls } from '../sysctl.ts'
import { parseXfrmPolicies } from '../xfrm.ts'
import { parseIpSets } from './ipset.ts'
import type { NamespaceState } from './types.ts'

type Piece = Exclude<keyof NamespaceState, 'unread'>
type Reader = (text: string, stderr: string) => Parsed<unknown>

/** Which command tells which piece; the first that fits. */
const readers: readonly (readonly [RegExp, Piece, Reader])[] = [
  [/^ip .*-6.* rule\b|^ip -6 rule\b/, 'rules6', parseRouteRules],
  [/^ip .*\brule\b/, 'rules4', parseRouteRules],
  [/^ip .*-6.* route\b/, 'routes6', (text) => parseRoutes(text, 6)],
  [/^ip .*\broute\b.*\btable all\b/, 'routes4', (text) => parseRoutes(text, 4)],
  [/^ip .*\baddr(ess)?\b/, 'links', parseLinks],
  [/^ip .*\bneigh(bour)?\b/, 'neighbours', parseNeighbours],
  [/^ip xfrm policy\b/, 'xfrm', parseXfrmPolicies],
  [/^bridge .*-d.* link\b/, 'bridgePorts', parseBridgePorts],
  [/^bridge .*fdb\b/, 'fdb', parseFdb],
  [/^iptables-legacy-save\b/, 'legacy4', parseIptablesSave],
  [/^ip6tables-legacy-save\b/, 'legacy6', parseIptablesSave],
  [/^iptables(-nft)?-save\b/, 'iptables4', parseIptablesSave],
  [/^ip6tables(-nft)?-save\b/, 'iptables6', parseIptablesSave],
  [/^nft .*\blist ruleset\b/, 'nft', parseNftRuleset],
  [/^ipset (-o save list|save)\b/, 'ipsets', parseIpSets],
  [/^ss .*-\w*l\w*t/, 'tcp', (text) => parseListeners(text, 'tcp')],
  [/^ss .*-\w*l\w*u/, 'udp', (text) => parseListeners(text, 'udp')],
  [/^sysctl\b/, 'sysctls', parseSysctls],
  [/^conntrack\b/, 'conntrack', parseConntrack],
]

/**
 * Reads the replies of the standard commands of one namespace; a key is the argv joined by spaces, `errors` holds
 * their stderr. A command that was refused must be left out: no reply is not an empty one.
 */
export function namespaceFrom(
  replies: Readonly<Record<string, string>>,
  errors: Readonly<Record<string, string>> = {},
): NamespaceState {
  const found: Partial<Record<Piece, unknown>> = {}
  const unread: { argv: string; why: string }[] = []
  for (const [argv, text] of Object.entries(replies)) {
    const reader = readers.find(([name]) => name.test(argv))
    if (!reader) continue
    const [, piece, read] = reader
    const stderr = Object.hasOwn(errors, argv) ? (errors[argv] ?? '') : ''
    const value = read(text, stderr)
    if (value.ok) found[piece] = value.value
    else unread.push({ argv, why: value.why })
  }
  return present<NamespaceState>({ ...(found as Partial<NamespaceState>), unread })
}
