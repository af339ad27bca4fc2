import type { Seen } from '../knowledge/fact.ts'
import { placeOf } from './visits.ts'
import type { PathWalk, Where } from './walked.ts'

/** The command whose reply shows what a hop met, in the order in which it is looked for. */
const commands: Readonly<Record<Where['at'], readonly RegExp[]>> = {
  prerouting: [/^sysctl /],
  input: [/^sysctl /],
  forward: [/^sysctl /],
  output: [/^sysctl /],
  postrouting: [/^sysctl /],
  route: [/^ip -j -[46] route /, /^ip -j rule /, /^sysctl /],
  bridge: [/^bridge /, /^ip -j -d link /],
  link: [/^ip -j -d addr /, /^ip -j -d link /],
  neighbour: [/^ip -j neigh /],
  conntrack: [/^conntrack /],
  socket: [/^ss /],
}

const programs: Readonly<Record<string, readonly RegExp[]>> = {
  iptables: [/^ip6?tables-save /],
  'iptables-legacy': [/^ip6?tables-legacy-save /, /^ip6?tables-save /],
  nftables: [/^nft /],
}

/** The reply a hop was followed in; undefined where none of the replies shows it. */
export function sourceOf(where: Where, { places, wanted }: PathWalk, seen: readonly Seen[]): Seen | undefined {
  const here = seen.filter(({ ask }) => isFrom(ask, where.namespace, places))
  const likely = where.chain === undefined ? commands[where.at] : (programs[where.by] ?? [])
  const found = likely.flatMap((pattern) => here.filter(({ ask }) => pattern.test(argvOf(ask))))
  const six = wanted.dst.includes(':')
  return found.find(({ ask }) => six === /^(ip6|ip -j -6 )/.test(argvOf(ask))) ?? found[0]
}

const partsOf = (ask: string): readonly unknown[] => {
  try {
    const parts: unknown = JSON.parse(ask)
    return Array.isArray(parts) ? (parts as unknown[]) : []
  } catch {
    return []
  }
}

function argvOf(ask: string): string {
  const argv = partsOf(ask).at(-1)
  return Array.isArray(argv) ? argv.join(' ') : ''
}

function isFrom(ask: string, namespace: string, places: PathWalk['places']): boolean {
  const { node, alloc } = placeOf(places, namespace)
  const [via, at, third] = partsOf(ask)
  if (node === undefined || at !== `@${node}`) return false
  return alloc === undefined ? via === 'node' : via === 'netns' && third === alloc
}
