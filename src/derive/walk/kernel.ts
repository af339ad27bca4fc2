import type { Kernel } from '../../knowledge/shapes/walk.ts'
import type { Listener, NamespaceState } from '../../knowledge/shapes/packet.ts'
import { derivation, made, type AnyDerivation, type Made, type Maybe, type Missed } from '../derivation.ts'
import type { Need } from '../../knowledge/facts.ts'
import { asMade } from './assumed.ts'

type Piece = Exclude<keyof NamespaceState, 'unread' | 'tcp' | 'udp' | 'conntrack'> | 'sockets'

/** Which fact tells which piece, and what a reader calls the command. Connections that exist already are left out: a walk is about a new one. */
const ofNode = {
  'node.links': ['links', 'ip addr'],
  'node.routes': ['routes4', 'ip -4 route'],
  'node.routes6': ['routes6', 'ip -6 route'],
  'node.rules': ['rules4', 'ip -4 rule'],
  'node.rules6': ['rules6', 'ip -6 rule'],
  'node.neighbours': ['neighbours', 'ip neigh'],
  'node.bridge.ports': ['bridgePorts', 'bridge link'],
  'node.bridge.fdb': ['fdb', 'bridge fdb'],
  'node.iptables': ['iptables4', 'iptables-save'],
  'node.ip6tables': ['iptables6', 'ip6tables-save'],
  'node.iptables.legacy': ['legacy4', 'iptables-legacy-save'],
  'node.ip6tables.legacy': ['legacy6', 'ip6tables-legacy-save'],
  'node.nft': ['nft', 'nft list ruleset'],
  'node.ipsets': ['ipsets', 'ipset save'],
  'node.xfrm': ['xfrm', 'ip xfrm policy'],
  'node.listeners': ['sockets', 'ss -l'],
  'node.sysctls': ['sysctls', 'sysctl -a'],
} as const satisfies Readonly<Partial<Record<Need, readonly [Piece, string]>>>

const ofAlloc = {
  'alloc.links': ['links', 'ip addr'],
  'alloc.routes': ['routes4', 'ip -4 route'],
  'alloc.routes6': ['routes6', 'ip -6 route'],
  'alloc.rules': ['rules4', 'ip -4 rule'],
  'alloc.rules6': ['rules6', 'ip -6 rule'],
  'alloc.neighbours': ['neighbours', 'ip neigh'],
  'alloc.iptables': ['iptables4', 'iptables-save'],
  'alloc.ip6tables': ['iptables6', 'ip6tables-save'],
  'alloc.nft': ['nft', 'nft list ruleset'],
  'alloc.xfrm': ['xfrm', 'ip xfrm policy'],
  'alloc.netns.listeners': ['sockets', 'ss -l'],
  'alloc.sysctls': ['sysctls', 'sysctl -a'],
} as const satisfies Readonly<Partial<Record<Need, readonly [Piece, string]>>>

/** The part of it that a new IPv4 connection through one client meets. */
const ofCrossing = {
  'node.links': ofNode['node.links'],
  'node.routes': ofNode['node.routes'],
  'node.rules': ofNode['node.rules'],
  'node.iptables': ofNode['node.iptables'],
  'node.iptables.legacy': ofNode['node.iptables.legacy'],
  'node.nft': ofNode['node.nft'],
  'node.ipsets': ofNode['node.ipsets'],
  'node.xfrm': ofNode['node.xfrm'],
  'node.listeners': ofNode['node.listeners'],
  'node.sysctls': ofNode['node.sysctls'],
} as const satisfies Readonly<Partial<Record<Need, readonly [Piece, string]>>>

const keys = <K extends string>(of: Readonly<Record<K, unknown>>): readonly K[] => Object.keys(of) as K[]
const [nodeNeeds, allocNeeds] = [keys(ofNode), keys(ofAlloc)]

export const kernelDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'node.kernel',
    about: 'node',
    from: [],
    maybe: nodeNeeds,
    waits: nodeNeeds,
    shows: 'node.iptables',
    make: (_, maybe, { names }, missed) => {
      const state = stateOf(ofNode, maybe, missed, withPorts)
      return said({ label: `client ${names.nodeName || (names.node ?? '').slice(0, 8)}`, state })
    },
  }),
  derivation({
    provides: 'alloc.kernel',
    about: 'alloc',
    from: ['alloc.namespace-kind'],
    maybe: allocNeeds,
    waits: allocNeeds,
    shows: 'alloc.links',
    make: ({ 'alloc.namespace-kind': kind }, maybe, { names }, missed) => {
      if (kind === 'host') return made<Kernel | null>(null, "the allocation is in its client's own namespace")
      const label = `allocation ${(names.alloc ?? '').slice(0, 8)} of ${names.job ?? ''}/${names.group ?? ''}`
      return said({ label, state: stateOf(ofAlloc, maybe, missed, (read) => asMade(read, missed)) })
    },
  }),
]

/** What its first reply shows, where there is nothing to say of others. */
const said = (kernel: Kernel): Kernel | Made<Kernel> => {
  const { unread } = kernel.state
  const line = unread.map(({ argv, why }) => `${argv}: ${why}`)
  return unread.length === 0 ? kernel : made(kernel, [`${kernel.label} was read`, ...line].join('\n'))
}

type Side = 'source' | 'target'

/** What `crossed` needs of one side's client. */
export const crossingNeeds = <S extends Side>(side: S) => keys(ofCrossing).map((need) => `${side}.${need}` as const)

/** What decides about packets that come through one side's client. */
export function crossed(side: Side, maybe: Maybe<Need>, missed: Missed): NamespaceState {
  const own = <T extends object>(of: T): T =>
    Object.fromEntries(Object.entries(of).map(([need, one]) => [need.slice(side.length + 1), one])) as T
  const [known, lost] = [own(maybe), own(missed)]
  return wholeWith(known) ?? stateOf(ofCrossing, known, lost)
}

/** The whole of the same client, when it was made already: what the walk made of it is used again. */
function wholeWith(known: Maybe<Need>): NamespaceState | undefined {
  const links = known['node.links']
  const whole = links && kept.get(ofNode)?.get(links)
  const same = (need: keyof typeof ofCrossing): boolean => whole?.values[nodeNeeds.indexOf(need)] === known[need]
  return keys(ofCrossing).every(same) ? whole?.state : undefined
}

/** The same replies are the same state: what the walk makes of a large rule set is made once. */
type Kept = WeakMap<object, { readonly values: readonly unknown[]; readonly state: NamespaceState }>
const kept = new Map<object, Kept>()

function stateOf<K extends Need>(
  of: Readonly<Partial<Record<K, readonly [Piece, string]>>>,
  maybe: Maybe<K>,
  missed: Missed<K>,
  complete = (state: NamespaceState): NamespaceState => state,
): NamespaceState {
  const known = maybe as Readonly<Record<string, unknown>>
  const values = [...Object.keys(of).map((need) => known[need]), JSON.stringify(missed)]
  const key = values.find((value) => typeof value === 'object' && value !== null)
  const states: Kept = kept.get(of) ?? new WeakMap()
  kept.set(of, states)
  const before = key && states.get(key)
  if (before?.values.every((value, i) => value === values[i])) return before.state
  const found: Record<string, unknown> = {}
  const unread: { argv: string; why: string }[] = []
  for (const [need, [piece, argv]] of Object.entries(of) as [K, readonly [Piece, string]][]) {
    const value = known[need]
    const { why, detail } = missed[need] ?? { why: 'not-asked' as const }
    // Recordings are older than this command: nothing is missed of them.
    if (value === undefined && piece === 'xfrm' && why === 'not-recorded') continue
    if (value === undefined) unread.push({ argv, why: detail ?? words[why] ?? why })
    else Object.assign(found, pieceOf(piece, value))
  }
  const state = complete({ ...found, unread })
  if (key) states.set(key, { values, state })
  return state
}

/** A list of no ports is no answer where there are some. */
function withPorts(state: NamespaceState): NamespaceState {
  const { bridgePorts, ...rest } = state
  const bridges = new Set(state.links?.flatMap(({ name, kind }) => (kind === 'bridge' ? [name] : [])))
  const port = state.links?.find(({ master }) => master !== undefined && bridges.has(master))
  if (bridgePorts?.length !== 0 || !port) return state
  const why = `the reply is empty, and ${port.name} is a port of ${port.master ?? ''}`
  return { ...rest, unread: [...rest.unread, { argv: ofNode['node.bridge.ports'][1], why }] }
}

const words: Readonly<Record<string, string>> = { 'not-recorded': 'not recorded', 'not-asked': 'not asked for' }

function pieceOf(piece: Piece, value: unknown): Readonly<Record<string, unknown>> {
  if (piece !== 'sockets') return { [piece]: value }
  const { tcp = [], udp = [] } = Object.groupBy(value as readonly Listener[], ({ proto }) => proto)
  return { tcp, udp }
}
