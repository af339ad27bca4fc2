import { parseNetwork } from './ipaddr.ts'
import type { Condition, Match, PortRange } from './iptables-match.ts'
import { chanceModules } from './iptables-chances.ts'
import { argOf, each, some, textsOf } from './iptables-module.ts'
import type { Module } from './iptables-module.ts'
import { fieldModules } from './iptables-fields.ts'
import { arity } from './iptables-option.ts'
import { decimal, mark32, present } from './parsed.ts'

/** Options that need no `-m`. */
export const plain = each(arity(['-s -d -p -i -o', 1], ['-f', 0]), ({ name, negated, args: [value = ''] }) => {
  switch (name) {
    case '-s':
    case '-d':
      return parseNetwork(value) && { kind: name === '-s' ? 'src' : 'dst', negated, cidr: value }
    case '-i':
    case '-o':
      return {
        kind: name === '-i' ? 'in' : 'out',
        negated,
        name: value.replace(/\+$/, ''),
        wildcard: value.endsWith('+'),
      }
    case '-p':
      return { kind: 'proto', negated, proto: value.toLowerCase() }
    default:
      return { kind: 'fragment', negated }
  }
})

const ports = each(
  arity(['--sport --dport', 1], ['--tcp-flags', 2]),
  ({ name, negated, args: [first = '', second = ''] }) => {
    if (name === '--tcp-flags') return { kind: 'tcp-flags', negated, mask: flags(first), set: flags(second) }
    const range = readPorts(first)
    return range && { kind: name === '--sport' ? 'sport' : 'dport', negated, ports: range }
  },
)

const icmp = each(arity(['--icmp-type --icmpv6-type', 1]), ({ negated, args: [type = ''] }) => {
  return { kind: 'icmp-type', negated, type }
})

const connection =
  '--state --ctstate --ctproto --ctorigsrc --ctorigdst --ctreplsrc --ctrepldst --ctorigsrcport --ctorigdstport --ctreplsrcport --ctrepldstport --ctstatus --ctexpire --ctdir'
const conntrack = some(arity([connection, 1]), ({ name, negated, args: [value = ''] }) =>
  name === '--state' || name === '--ctstate'
    ? { kind: 'ctstate', negated, states: value.split(',') }
    : { kind: 'conntrack', negated, field: name.slice(2), value },
)

const comment = some(arity(['--comment', 1]), ({ args: [text = ''] }) => ({ kind: 'comment', comment: text }))

const mark = (kind: 'mark' | 'connmark'): Module =>
  some(arity(['--mark', 1]), ({ negated, args: [text = ''] }) => {
    const [value, mask] = text.split('/').map((part) => mark32(part))
    if (value === undefined || (mask === undefined && text.includes('/'))) return undefined
    return { kind, negated, value, mask: mask ?? 0xffffffff }
  })

const multiport = some(arity(['--sports --dports --ports', 1]), ({ name, negated, args: [list = ''] }) => {
  const ranges = list.split(',').map(readPorts)
  const side = name === '--sports' ? 'source' : name === '--dports' ? 'destination' : 'either'
  if (ranges.includes(undefined)) return undefined
  return { kind: 'multiport', negated, side, ports: ranges.filter((range) => range !== undefined) }
})

const addrtype: Module = {
  options: arity(['--src-type --dst-type', 1], ['--limit-iface-in --limit-iface-out', 0]),
  read: (list) => {
    const [types, limits] = [list.filter(({ args }) => args.length > 0), list.filter(({ args }) => args.length === 0)]
    const [only] = limits
    if (types.length === 0 || limits.length > 1) return undefined
    return types.map(({ name, negated, args: [value = ''], text }) =>
      present<Match>({
        kind: 'addrtype',
        negated,
        side: name === '--src-type' ? 'src' : 'dst',
        types: value.split(','),
        limit: only && (only.name === '--limit-iface-in' ? 'in' : 'out'),
        text: only ? `${text} ${only.text}` : text,
      }),
    )
  },
}

const limit: Module = {
  options: arity(['--limit --limit-burst', 1]),
  read: (list) => {
    const rate = argOf(list, '--limit')
    if (rate === undefined) return undefined
    return [present<Match>({ kind: 'limit', rate, burst: decimal(argOf(list, '--limit-burst')), text: textsOf(list) })]
  },
}

const statistic: Module = {
  options: arity(['--mode --probability --every --packet', 1]),
  read: (list) => {
    const [mode, chance] = [argOf(list, '--mode'), argOf(list, '--probability')]
    if (mode === undefined || (chance !== undefined && !/^[01]?\.?\d+$/.test(chance))) return undefined
    const negated = list.some((option) => option.negated)
    const probability = chance === undefined ? undefined : Number(chance)
    const every = decimal(argOf(list, '--every'))
    return [present<Match>({ kind: 'statistic', negated, mode, probability, every, text: textsOf(list) })]
  },
}

const set = some(arity(['--match-set', 2]), ({ negated, args: [name = '', sides = ''] }) => {
  return { kind: 'set', negated, set: name, sides: sides.split(',') }
})

const physdev = some(
  arity(['--physdev-in --physdev-out', 1], ['--physdev-is-in --physdev-is-out --physdev-is-bridged', 0]),
  ({ name, negated, args: [device] }) =>
    present<Condition>({ kind: 'physdev', negated, field: name.replace('--physdev-', ''), name: device }),
)

const owner = some(
  arity(['--uid-owner --gid-owner', 1], ['--socket-exists --suppl-groups', 0]),
  ({ name, negated, args: [value] }) =>
    present<Condition>({ kind: 'owner', negated, field: name.replaceAll(/^--|-owner$/g, ''), value }),
)

const pkttype = some(arity(['--pkt-type', 1]), ({ negated, args: [type = ''] }) => ({ kind: 'pkttype', negated, type }))

const mac = some(arity(['--mac-source', 1]), ({ negated, args: [address = ''] }) => {
  return { kind: 'mac', negated, mac: address.toLowerCase() }
})

const iprange = some(arity(['--src-range --dst-range', 1]), ({ name, negated, args: [range = ''] }) => {
  const [from = '', to = from] = range.split('-')
  return { kind: 'iprange', negated, side: name === '--src-range' ? 'src' : 'dst', from, to }
})

const modules: ReadonlyMap<string, Module> = new Map(
  Object.entries({
    tcp: ports,
    udp: ports,
    udplite: ports,
    sctp: ports,
    dccp: ports,
    icmp,
    icmp6: icmp,
    icmpv6: icmp,
    state: conntrack,
    conntrack,
    comment,
    mark: mark('mark'),
    connmark: mark('connmark'),
    multiport,
    addrtype,
    limit,
    statistic,
    set,
    physdev,
    owner,
    pkttype,
    mac,
    iprange,
    ...fieldModules,
    ...chanceModules,
  }),
)

export const moduleNamed = (name: string): Module | undefined => modules.get(name)

const flags = (text: string): readonly string[] => (text === 'NONE' ? [] : text.split(','))

/** `80`, `80:90`, `:1024` or `1024:`. */
function readPorts(text: string): PortRange | undefined {
  const [first = '', last = first, ...rest] = text.split(':')
  const from = text.startsWith(':') ? 0 : decimal(first)
  const to = text.endsWith(':') && text.length > 1 ? 65535 : decimal(last)
  return from === undefined || to === undefined || to > 65535 || rest.length > 0 ? undefined : { from, to }
}
