import { words } from '../iptables-option.ts'
import { readRule, type RuleBody } from '../iptables-rule.ts'

const short: Readonly<Record<string, string>> = {
  '--protocol': '-p',
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
const ofProtocol = /^(--dport|--sport|--tcp-flags|--tcp-option|--icmp-type|--icmpv6-type)$/

/** The words of a rule on the command line, as iptables-save would print them. */
export function asSaved(spec: readonly string[]): readonly string[] {
  const named = spec.flatMap((word) =>
    word === '--syn' ? ['--tcp-flags', 'FIN,SYN,RST,ACK', 'SYN'] : [short[word] ?? word],
  )
  const full = named.map((word, i) => (/^-[sd]$/.test(named[i - 1] ?? '') ? withPrefix(word) : word))
  const at = full.findIndex((word) => ofProtocol.test(word))
  const proto = full[full.indexOf('-p') + 1]
  // `-p tcp --dport 80` loads the module tcp; a save names it.
  const implied = at !== -1 && full.includes('-p') && !full.slice(0, at).includes('-m')
  if (!implied || proto === undefined) return full
  const from = full[at - 1] === '!' ? at - 1 : at
  return [...full.slice(0, from), '-m', proto, ...full.slice(from)]
}

const withPrefix = (address: string): string =>
  address.includes('/') || !/^[\d.]+$|:/.test(address) ? address : `${address}/${address.includes(':') ? 128 : 32}`

/** The rule they make, with its text; undefined where a quote is left open. */
export function ruleOf(
  chain: string,
  spec: readonly string[],
  isChain: (name: string) => boolean,
): (RuleBody & { readonly text: string }) | undefined {
  const text = asSaved(spec).map(quoted).join(' ')
  const list = words(text)
  return list && { ...readRule(list, isChain), text: `-A ${chain} ${text}`.trimEnd() }
}

const quoted = (word: string): string =>
  /^[^\s"'\\]+$/.test(word) ? word : `"${word.replaceAll(/["\\]/g, String.raw`\$&`)}"`

/** What makes two rules the same for `-D`. A save names what `-j REJECT` answers with, also where nobody wrote it. */
export const keyOf = ({ matches, target }: RuleBody): string =>
  JSON.stringify([matches, target?.kind === 'reject' ? { ...target, text: '' } : target])
