import type { Family } from '../ipaddr.ts'
import { familyOf, parseNetwork } from '../ipaddr.ts'
import type { Match } from '../iptables-match.ts'
import { moduleNamed } from '../iptables-modules.ts'
import { words } from '../iptables-option.ts'
import { readRule, type RuleBody } from '../iptables-rule.ts'
import type { Target } from '../iptables-target.ts'
import { textOfNetwork } from './network-text.ts'
import { strange, type Refused } from './refused.ts'
import { portsOf } from './services.ts'
import { targetWords } from './target-words.ts'

const short: Readonly<Record<string, string>> = {
  '--protocol': '-p',
  '--proto': '-p',
  '--jump': '-j',
  '--goto': '-g',
  '--match': '-m',
  '--in-interface': '-i',
  '--out-interface': '-o',
  '--source': '-s',
  '--src': '-s',
  '--destination': '-d',
  '--dst': '-d',
  '--destination-port': '--dport',
  '--source-port': '--sport',
}
const protocols: Readonly<Record<string, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  58: 'ipv6-icmp',
  132: 'sctp',
  icmpv6: 'ipv6-icmp',
}
const ofProtocol = /^(--dport|--sport|--tcp-flags|--tcp-option|--icmp-type|--icmpv6-type)$/
/** As a save orders them. */
const plain = ['-s', '-d', '-i', '-o', '-p']
const states = 'INVALID NEW RELATED ESTABLISHED UNTRACKED SNAT DNAT'.split(' ')

interface Spelled {
  readonly words: readonly string[]
}

/** The words of a rule on the command line, in the order and the spelling iptables-save prints; or what is not modelled. */
function asSaved(spec: readonly string[], family: Family): Spelled | Refused {
  const full = spec.flatMap((word) =>
    word === '--syn' ? ['--tcp-flags', 'FIN,SYN,RST,ACK', 'SYN'] : [short[word] ?? word],
  )
  const end = full.findIndex((word) => word === '-j' || word === '-g')
  // Options of a target follow it; those of the packet may, too.
  const [before, after] = end === -1 ? [full, []] : [full.slice(0, end), full.slice(end)]
  const late = after.findIndex((word, i) => i > 1 && (plain.includes(word) || word === '-m'))
  const from = after[late - 1] === '!' ? late - 1 : late
  const [target, more] = late === -1 ? [after, []] : [after.slice(0, from), after.slice(from)]
  const all = [...before, ...more]
  const found: Record<string, string[]> = {}
  const rest: string[] = []
  for (let i = 0; i < all.length; i += 1) {
    const negated = all[i] === '!'
    const name = all[negated ? i + 1 : i] ?? ''
    if (!plain.includes(name)) {
      rest.push(all[i] ?? '')
      continue
    }
    const value = all[i + (negated ? 2 : 1)]
    if (value === undefined || Object.hasOwn(found, name)) return strange(`${name} ${value ?? ''}`.trimEnd())
    const read = plainValue(name, value, family)
    if (read === undefined) return strange(`${name} ${value}`)
    found[name] = read === '' && !negated ? [] : [...(negated ? ['!'] : []), name, read]
    i += negated ? 2 : 1
  }
  const proto = found['-p']?.at(-1)
  const spelled = rest.map((word, i) => valueOf(rest[i - 1] ?? '', word))
  const modules = withList(withModule(spelled, proto), family)
  return { words: [...plain.flatMap((name) => found[name] ?? []), ...modules, ...targetWords(target, family)] }
}

/** '' where it is no condition; undefined where it is not modelled. */
function plainValue(name: string, value: string, family: Family): string | undefined {
  if (name === '-i' || name === '-o') return value === '+' ? '' : value
  if (name === '-p') {
    const proto = protocols[value.toLowerCase()] ?? value.toLowerCase()
    return proto === 'all' || proto === '0' ? '' : proto
  }
  const network = parseNetwork(value)
  if (!network || familyOf(value.split('/')[0] ?? '') !== family) return undefined
  return network.prefix === 0 ? '' : textOfNetwork(network)
}

const lists = new Set(['--dports', '--sports', '--ports', '--destination-ports', '--source-ports'])

/** Values a save spells out. */
function valueOf(option: string, word: string): string {
  if (option === '--ctstate' || option === '--state')
    return word
      .split(',')
      .toSorted((a, b) => states.indexOf(a) - states.indexOf(b))
      .join(',')
  if (lists.has(option)) return portsOf(word)
  if (option !== '--dport' && option !== '--sport') return word
  const ports = portsOf(word)
  return ports.startsWith(':') ? `0${ports}` : ports.endsWith(':') ? `${ports}65535` : ports
}

/** `-p tcp --dport 80` loads the module tcp; a save names it. */
function withModule(rest: readonly string[], proto: string | undefined): readonly string[] {
  const at = rest.findIndex((word) => ofProtocol.test(word))
  if (at === -1 || proto === undefined) return rest
  const named = proto === 'ipv6-icmp' ? 'icmp6' : proto
  const at0 = rest.findIndex((word, i) => rest[i - 1] === '-m' && (word === named || word === proto))
  const from = rest[at - 1] === '!' ? at - 1 : at
  return at0 !== -1 && at0 < at ? rest : [...rest.slice(0, from), '-m', named, ...rest.slice(from)]
}

/** Of `-m recent` a save names the list, the mask and the side, also where they are the usual ones. Source: extensions/libxt_recent.c. */
function withList(all: readonly string[], family: Family): readonly string[] {
  const from = all.findIndex((word, i) => word === 'recent' && all[i - 1] === '-m') + 1
  if (from === 0) return all
  const next = all.indexOf('-m', from)
  const to = next === -1 ? all.length : next
  const own = all.slice(from, to)
  const side = own.find((word) => word === '--rsource' || word === '--rdest') ?? '--rsource'
  const mask = family === 4 ? '255.255.255.255' : 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'
  return [
    ...all.slice(0, from),
    ...own.filter((word) => word !== side),
    ...(own.includes('--name') ? [] : ['--name', 'DEFAULT']),
    ...(own.includes('--mask') ? [] : ['--mask', mask]),
    side,
    ...all.slice(to),
  ]
}

/** The rule they make, with its text; a text says what of it is not modelled. */
export function ruleOf(
  chain: string,
  spec: readonly string[],
  family: Family,
  isChain: (name: string) => boolean,
): (RuleBody & { readonly text: string }) | Refused {
  const saved = asSaved(spec, family)
  if ('not' in saved) return saved
  const text = saved.words.map(quoted).join(' ')
  const list = words(text)
  if (!list) return { not: 'a quote is left open' }
  const body = readRule(list, isChain)
  const odd = body.matches.find((one) => one.kind === 'unknown' && !isForeign(one.module))?.text
  if (odd !== undefined) return strange(odd, needsProtocol(odd, saved.words))
  if (body.target?.kind === 'unknown') return strange(`-j ${body.target.text}`, noTarget(body.target.text))
  return { ...body, text: `-A ${chain} ${text}`.trimEnd() }
}

/** Ports, flags and types belong to a protocol. */
const needsProtocol = (option: string, spelled: readonly string[]): string | undefined =>
  ofProtocol.test(option.replace(/^! /, '').split(' ')[0] ?? '') && !spelled.includes('-p')
    ? 'it needs the protocol, such as -p tcp'
    : undefined

const noTarget = (target: string): string | undefined =>
  target.includes(' ') ? undefined : `there is no chain ${target}, and no such target is modelled`

/** A module of iptables that is not modelled: the rule is, and the walk says where it meets it. */
const isForeign = (module: string): boolean => module !== '' && moduleNamed(module) === undefined

const quoted = (word: string): string =>
  /^[^\s"'\\]+$/.test(word) ? word : `"${word.replaceAll(/["\\]/g, String.raw`\$&`)}"`

/** Where the text alone tells what it means. */
const told = new Set(['unknown', 'chance', 'continue', 'comment'])

/** What makes two rules the same for `-D`: what they mean, in order, however they are written. */
export const keyOf = ({ matches, target }: RuleBody): string =>
  JSON.stringify([...matches, ...(target ? [target] : [])].map(meaning))

function meaning(one: Match | Target): unknown {
  if (told.has(one.kind)) return one
  // iptables-nft writes "not up to 80" as "from 81".
  if ((one.kind === 'dport' || one.kind === 'sport') && one.negated && one.ports.from === 0)
    return { ...one, negated: false, ports: { from: one.ports.to + 1, to: 65_535 }, text: '' }
  return { ...one, text: '' }
}
