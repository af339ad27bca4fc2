import type { Outcome, Tuple, Verdict, Where } from './walked.ts'

const end = (address: string, port: number | undefined): string =>
  port === undefined ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`

export const sourceText = ({ src, sport }: Tuple): string => end(src, sport)
export const targetText = ({ dst, dport }: Tuple): string => end(dst, dport)
/** `tcp 172.26.64.7 -> 10.0.0.2:25000`. */
export const tupleText = (tuple: Tuple): string => `${tuple.proto} ${sourceText(tuple)} -> ${targetText(tuple)}`

/** A rule as people find it: `nat CNI-DN-a1 rule 2`, `filter FORWARD policy`; empty for what is no rule. */
export function ruleName({ by, table, chain, rule }: Where): string {
  if (table === undefined || chain === undefined) return ''
  const program = { iptables: '', kernel: '', 'iptables-legacy': 'legacy ', nftables: 'nft ' }[by]
  return `${program}${table} ${chain} ${rule === undefined ? 'policy' : `rule ${rule}`}`
}

/** Where in the kernel it happens, in a word or two. */
export const atText = (where: Where): string =>
  ruleName(where) ||
  {
    prerouting: 'on arrival',
    input: 'on the way to a program here',
    forward: 'on the way through',
    output: 'on leaving the program',
    postrouting: 'on the way out',
    route: 'routing',
    bridge: `bridge ${where.iif ?? ''}`.trimEnd(),
    link: `device ${where.iif ?? where.oif ?? ''}`.trimEnd(),
    neighbour: 'asking for the link address',
    conntrack: 'connection tracking',
    socket: 'socket',
  }[where.at]

/** What the program that asked for the connection sees. */
export const outcomeText: Readonly<Record<Outcome, string>> = {
  answered: 'it arrives, and the answer comes back',
  refused: 'the caller is refused at once',
  unreachable: 'the caller is told that there is no way',
  silent: 'the caller hears nothing and waits until it gives up',
  unknown: 'it cannot be told',
}

const unreachable: Readonly<Record<Extract<Verdict, { kind: 'unreachable' }>['how'], string>> = {
  'no-route': 'there is no route',
  unreachable: 'a route says unreachable',
  prohibit: 'a route prohibits it',
  blackhole: 'a route swallows it',
  neighbour: 'nobody answers for the next address',
  'too-big': 'the packet is too big and must not be cut',
  ttl: 'its lifetime is over',
}

/** What the caller learns by what comes back. */
export type Told = 'answer' | 'refusal' | 'error' | 'late'

/** What becomes of the packet at its end, in a few words and in a sentence. */
export function verdictText(
  verdict: Verdict | { readonly kind: 'returned' },
  tuple: Tuple,
  told: Told = 'answer',
): { readonly title: string; readonly says: string } {
  switch (verdict.kind) {
    case 'delivered': {
      const { address, port, processes } = verdict.socket
      const who = processes[0]?.name ?? 'a program'
      return {
        title: 'delivered',
        says: `${who} takes it on ${end(address, port)}, from ${tuple.src}`,
      }
    }
    case 'returned':
      return { title: told === 'answer' ? 'answered' : 'told', says: toldText[told](sourceText(tuple)) }
    case 'refused':
      return { title: 'refused', says: `nothing listens on ${targetText(tuple)} here` }
    case 'rejected':
      return { title: 'rejected', says: `a rule answers ${verdict.with} in place of the target` }
    case 'dropped': {
      const who = verdict.fails ? 'its sender is told at once that this is not permitted' : 'nobody is told'
      return { title: 'dropped', says: `${who}${why(verdict.why, verdict.by)}` }
    }
    case 'unreachable':
      return { title: 'no way', says: `${unreachable[verdict.how]}: ${verdict.why}` }
    case 'looped':
      return { title: 'goes in a circle', says: 'the packet comes by the same places until its lifetime is over' }
    case 'unknown':
      return { title: 'not known', says: verdict.because }
  }
}

const toldText = {
  answer: (from: string) => `the caller gets the answer from ${from}`,
  refusal: () => 'the caller learns at once that the connection is refused',
  error: () => 'the caller learns at once that it is of no use',
  // The kernel asks three times for a neighbour before it gives up.
  late: () => 'the caller learns after some seconds that it is of no use',
}

/** The reason of a drop is often the text of the rule, which stands beside it. */
const why = (said: string, { text }: Where): string =>
  said === text || said === '' || (text?.startsWith('policy ') && said.startsWith('the policy of ')) ? '' : `: ${said}`

const titles: Readonly<Record<string, string>> = {
  dnat: 'DNAT',
  snat: 'SNAT',
  masquerade: 'MASQUERADE',
  redirect: 'REDIRECT',
  translate: 'NAT, as for the packets before',
  'translate back': 'NAT undone',
  tproxy: 'TPROXY',
  mark: 'MARK',
  notrack: 'NOTRACK',
  connmark: 'CONNMARK',
  ttl: 'TTL',
  tos: 'TOS',
}
export const doesTitle = (does: string): string => titles[does] ?? does

/** What a rewrite changes: `target 10.0.0.2:25000 becomes 172.26.64.9:8080`. */
export function changeText(before: Tuple, after: Tuple): string {
  const source = `source ${sourceText(before)} becomes ${sourceText(after)}`
  const target = `target ${targetText(before)} becomes ${targetText(after)}`
  const moved = before.src !== after.src || before.sport !== after.sport
  const turned = before.dst !== after.dst || before.dport !== after.dport
  return [...(turned ? [target] : []), ...(moved ? [source] : [])].join(', ')
}
