import type { Listening } from './agent.ts'
import { dockerRules } from './docker.ts'
import { settings } from './settings.ts'
import { names } from './site.ts'
import type { Site } from './build-site.ts'
import type { Name } from './site.ts'
import { noTables, withChain, withPolicy, withRules } from './tables.ts'
import type { TableName, Tables } from './tables.ts'

export type Backend = 'iptables' | 'legacy' | 'nft'

interface InTable {
  readonly ns: Name
  readonly family: 4 | 6
  readonly table: TableName
  /** In the iptables backend that does not hold CNI's rules. */
  readonly other?: boolean
}

/** `at` is a place among the rules that are there, in thousandths. */
export type Mutation =
  | (InTable & { readonly kind: 'rule'; readonly chain: string; readonly at: number; readonly rule: string })
  | (InTable & { readonly kind: 'chain'; readonly chain: string; readonly rules: readonly string[] })
  | (InTable & { readonly kind: 'without'; readonly at: number })
  | (InTable & { readonly kind: 'policy'; readonly chain: string; readonly policy: 'DROP' | 'ACCEPT' })
  | { readonly kind: 'docker'; readonly version: 20 | 28 }
  | { readonly kind: 'setting'; readonly ns: Name; readonly key: string; readonly value: string }
  /** A command of `ip`, or `bridge …`; one that fails changes nothing. */
  | { readonly kind: 'ip'; readonly ns: Name; readonly line: string }
  | ({ readonly kind: 'listen' | 'deaf'; readonly ns: Name } & Listening)
  | { readonly kind: 'nft'; readonly ns: Name; readonly text: string }
  | { readonly kind: 'conntrack'; readonly ns: Name; readonly argv: readonly string[] }

export interface Packet {
  readonly from: Name
  readonly proto: 'tcp' | 'udp'
  readonly dst: string
  readonly dport: number
  readonly src?: string
  readonly mark?: number
  readonly uid?: number
  /** Bytes of the IP packet (UDP), and whether it must not be cut. */
  readonly size?: number
  readonly df?: boolean
  /** The source port; otherwise each attempt has its own. */
  readonly port?: number
  /** The walk is told the source port too. */
  readonly sport?: boolean
}

export interface World {
  readonly backend: Backend
  /** CNI's rules are there. */
  readonly cni: boolean
  readonly mutations: readonly Mutation[]
  readonly packets: readonly Packet[]
}

/** What one namespace shall be. */
export interface Desired {
  readonly ip: readonly string[]
  readonly settings: readonly (readonly [string, string])[]
  readonly tables: Readonly<Record<4 | 6, Tables | undefined>>
  /** Rules in the other iptables backend. */
  readonly others: Readonly<Record<4 | 6, Tables | undefined>>
  readonly nft: string
  readonly conntrack: readonly (readonly string[])[]
  readonly listeners: readonly Listening[]
}

const both = (address: string, port: number): readonly Listening[] =>
  (['tcp', 'udp'] as const).map((proto) => ({ proto, address, port }))

/** Who listens where before something is changed. */
const listening: Readonly<Record<Name, readonly Listening[]>> = {
  host: [...both('0.0.0.0', 8080), ...both('127.0.0.1', 8082), ...both('10.99.0.1', 9000), ...both('::', 9001)],
  peer: [...both('::', 8080), ...both('127.0.0.1', 8082)],
  client: [...both('::', 8080), ...both('192.0.2.10', 9000)],
  a1: [...both('::', 8080), ...both('127.0.0.1', 8082)],
  a2: [...both('0.0.0.0', 8080), ...both('172.26.64.3', 9000)],
  b1: [...both('::', 8080)],
  d1: [...both('0.0.0.0', 8080)],
}

export function desired(world: World, made: Site['made']): Readonly<Record<Name, Desired>> {
  return Object.fromEntries(names.map((name) => [name, desiredOf(name, world, made)])) as Record<Name, Desired>
}

function desiredOf(name: Name, { cni, mutations }: World, made: Site['made']): Desired {
  const here = mutations.filter((one): one is Exclude<Mutation, { kind: 'docker' }> => 'ns' in one && one.ns === name)
  const ruled = name === 'host' || name === 'peer'
  const base = (family: 4 | 6): Tables | undefined => (ruled ? (cni ? made[name][family] : noTables) : undefined)
  let tables = { 4: base(4), 6: base(6) }
  let others: Desired['others'] = { 4: undefined, 6: undefined }
  let listeners = listening[name]
  const values = new Map(settings(name))
  for (const one of mutations) {
    if (one.kind === 'docker' && name === 'host')
      tables = { ...tables, 4: dockerRules(tables[4] ?? noTables, one.version) }
    if (!('ns' in one) || one.ns !== name) continue
    if ('table' in one) {
      const from = one.other ? others : tables
      const changed = { ...from, [one.family]: change(from[one.family] ?? noTables, one) }
      if (one.other) others = changed
      else tables = changed
    }
    if (one.kind === 'setting' && values.has(one.key)) values.set(one.key, one.value)
    if (one.kind === 'listen' || one.kind === 'deaf') {
      const { kind, ns: _, ...socket } = one
      const rest = listeners.filter((other) => !sameSocket(other, socket))
      listeners = kind === 'listen' ? [...rest, socket] : rest
    }
  }
  // Setting the switch of all devices resets each of them.
  const forward = mutations.find(
    (one) => one.kind === 'setting' && one.ns === name && one.key === 'net.ipv4.ip_forward',
  )
  if (forward?.kind === 'setting')
    for (const key of values.keys())
      if (
        /^net\.ipv4\.conf\..*\.forwarding$/.test(key) &&
        !mutations.some((one) => one.kind === 'setting' && one.ns === name && one.key === key)
      )
        values.set(key, forward.value)
  return {
    ip: here.flatMap((one) => (one.kind === 'ip' ? [one.line] : [])),
    settings: [...values],
    tables,
    others,
    nft: here.flatMap((one) => (one.kind === 'nft' ? [one.text] : [])).join('\n'),
    conntrack: here.flatMap((one) => (one.kind === 'conntrack' ? [one.argv] : [])),
    listeners,
  }
}

/** One replaces the other: they take the same packets. */
const sameSocket = (a: Listening, b: Listening): boolean =>
  a.proto === b.proto && a.port === b.port && a.address === b.address && a.device === b.device

function change(tables: Tables, one: Extract<Mutation, InTable>): Tables {
  switch (one.kind) {
    case 'rule':
      return withRules(tables, one.table, one.chain, (rules) => {
        const at = Math.round((one.at / 1000) * rules.length)
        return [...rules.slice(0, at), one.rule, ...rules.slice(at)]
      })
    case 'chain':
      return withChain(tables, one.table, { name: one.chain, policy: '-', rules: one.rules })
    case 'policy':
      return withPolicy(tables, one.table, one.chain, one.policy)
    case 'without': {
      const all = tables[one.table].flatMap((chain) => chain.rules.map((_, index) => ({ chain: chain.name, index })))
      const gone = all[Math.floor((one.at / 1000) * all.length)]
      return gone ? withRules(tables, one.table, gone.chain, (rules) => rules.toSpliced(gone.index, 1)) : tables
    }
  }
}
