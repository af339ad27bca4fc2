import type { Seen } from './fact.ts'
import type { Where } from './shapes/packet.ts'
import type { PathNetwork } from './shapes/walk.ts'

type Places = PathNetwork['places']

/** The command whose reply shows what a hop met, in the order in which it is looked for. */
const commands: Readonly<Record<Where['at'], readonly RegExp[]>> = {
  prerouting: [/^sysctl /],
  input: [/^sysctl /],
  forward: [/^sysctl /],
  output: [/^sysctl /],
  postrouting: [/^sysctl /],
  route: [/^ip -j -[46] route /, /^ip -j (-6 )?rule /, /^sysctl /],
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
export function sourceOf(where: Where, places: Places, six: boolean, seen: readonly Seen[]): Seen | undefined {
  const here = seen.filter(({ ask }) => isFrom(ask, where.namespace, places))
  const found = likely(where).flatMap((pattern) => here.filter(({ ask }) => pattern.test(argvOf(ask))))
  return found.find(({ ask }) => six === /^(ip6|ip -j -6 )/.test(argvOf(ask))) ?? found[0]
}

/** A rule of policy routing is printed without the destination that a route begins with. */
const likely = ({ at, by, chain, text = '' }: Where): readonly RegExp[] =>
  chain !== undefined
    ? (programs[by] ?? [])
    : at === 'route' && /^(\d+: )?(not )?from /.test(text)
      ? commands.route.toSpliced(0, 1)
      : commands[at]

/** What to look for in that reply: policies stand in front of the rules there. */
export function writtenAs({ by, chain, rule, text = '' }: Where): string {
  const policy = /^policy (\w+)$/.exec(text)?.[1]
  return rule === undefined && chain !== undefined && policy !== undefined && by.startsWith('iptables')
    ? `:${chain} ${policy}`
    : text
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

function isFrom(ask: string, namespace: string, places: Places): boolean {
  const { node, alloc } = places[namespace] ?? {}
  const [via, at, third] = partsOf(ask)
  if (node === undefined || at !== `@${node}`) return false
  return alloc === undefined ? via === 'node' : via === 'netns' && third === alloc
}
