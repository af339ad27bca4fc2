import type { RuleStop, StoppedPacket } from './shapes/walk.ts'

/** The program that shows and changes tables of iptables. */
export const iptablesOf = ({ by, family }: Pick<RuleStop, 'by' | 'family'>): string =>
  `${family === 6 ? 'ip6tables' : 'iptables'}${by === 'iptables-legacy' ? '-legacy' : ''}`

/**
 * The command that accepts this one kind of packet in the chain: before the rule that stops it, or at the end of a chain
 * whose policy does, or before the rule by which it leaves that chain. Undefined where the place cannot be named, or the rule belongs to a program that rewrites it.
 */
export function admission(stop: RuleStop, packet: StoppedPacket): readonly string[] | undefined {
  const { by, table, chain } = stop
  const { rule, handle } = packet.left ?? stop
  if (chain.startsWith('ufw')) return ufw(stop, packet)
  if (by === 'nftables') {
    const place = rule === null ? ['add', 'rule', ...table.split(' '), chain] : nftPlace(stop, handle)
    return place && ['nft', ...place, ...(handle === null ? [] : ['handle', String(handle)]), ...nftWords(stop, packet)]
  }
  const place = rule === null ? ['-A', chain] : ['-I', chain, String(rule)]
  return [iptablesOf(stop), '-t', table, ...place, ...iptablesWords(stop, packet), '-j', 'ACCEPT']
}

const nftPlace = ({ table, chain }: RuleStop, handle: number | null): readonly string[] | undefined =>
  handle === null ? undefined : ['insert', 'rule', ...table.split(' '), chain]

/** Devices that rules of the hook may ask for. */
const entering = new Set(['prerouting', 'input', 'forward'])
const leaving = new Set(['output', 'forward', 'postrouting'])

function devices({ hook }: RuleStop, packet: StoppedPacket): { readonly in: string; readonly out: string } {
  return { in: entering.has(hook) ? packet.in : '', out: leaving.has(hook) ? packet.out : '' }
}

/** Rules of raw, and what else comes before connection tracking, know no states. */
const isTracked = ({ by, table, hook }: RuleStop): boolean =>
  by === 'nftables' ? hook === 'input' || hook === 'forward' || hook === 'postrouting' : table !== 'raw'

function iptablesWords(stop: RuleStop, packet: StoppedPacket): readonly string[] {
  const { in: from, out: to } = devices(stop, packet)
  return [
    ...(from === '' ? [] : ['-i', from]),
    ...(to === '' ? [] : ['-o', to]),
    '-p',
    packet.proto,
    packet.answer ? '--sport' : '--dport',
    String(packet.port),
    ...(packet.answer && isTracked(stop) ? ['-m', 'conntrack', '--ctstate', 'ESTABLISHED'] : []),
  ]
}

function nftWords(stop: RuleStop, packet: StoppedPacket): readonly string[] {
  const { in: from, out: to } = devices(stop, packet)
  return [
    ...(from === '' ? [] : ['iifname', from]),
    ...(to === '' ? [] : ['oifname', to]),
    packet.proto,
    packet.answer ? 'sport' : 'dport',
    String(packet.port),
    ...(packet.answer && isTracked(stop) ? ['ct', 'state', 'established'] : []),
    'accept',
  ]
}

/** ufw writes its chains anew from its own rules; it lets answers through by itself. */
function ufw(
  { hook }: RuleStop,
  { answer, in: from, out: to, proto, port }: StoppedPacket,
): readonly string[] | undefined {
  if (answer || from === '') return undefined
  const what = ['to', 'any', 'port', String(port), 'proto', proto]
  if (hook === 'input') return ['ufw', 'allow', 'in', 'on', from, ...what]
  return hook === 'forward' && to !== ''
    ? ['ufw', 'route', 'allow', 'in', 'on', from, 'out', 'on', to, ...what]
    : undefined
}
