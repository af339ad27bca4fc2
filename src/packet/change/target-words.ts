import type { Family } from '../ipaddr.ts'

const spelled: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  DNAT: { '--to': '--to-destination' },
  SNAT: { '--to': '--to-source' },
  REDIRECT: { '--to-port': '--to-ports', '--to': '--to-ports' },
  MASQUERADE: { '--to-port': '--to-ports' },
}

/** A target as a save prints it: abbreviations written out, and what it answers with where nobody said. */
export function targetWords(target: readonly string[], family: Family): readonly string[] {
  const [how = '', name = '', ...args] = target
  if (how === '') return []
  const full = args.map((word) => spelled[name]?.[word] ?? word)
  if (name === 'REJECT' && args.length === 0)
    return [how, name, '--reject-with', family === 4 ? 'icmp-port-unreachable' : 'icmp6-port-unreachable']
  const port = full[full.indexOf('--on-port') + 1]
  if (name === 'TPROXY' && port !== undefined && !full.includes('--on-ip'))
    return [how, name, '--on-port', port, '--on-ip', family === 4 ? '0.0.0.0' : '::', ...without(full, '--on-port')]
  return [how, name, ...full]
}

function without(words: readonly string[], option: string): readonly string[] {
  const at = words.indexOf(option)
  return at === -1 ? words : [...words.slice(0, at), ...words.slice(at + 2)]
}
