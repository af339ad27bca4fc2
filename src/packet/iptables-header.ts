import { dscpOf } from './dscp.ts'
import { arity, readOptions } from './iptables-option.ts'
import type { Arity, Word } from './iptables-option.ts'
import type { Action } from './iptables-target.ts'
import { decimal, mark32 } from './parsed.ts'

const options: ReadonlyMap<string, Arity> = new Map([
  ['TTL', arity(['--ttl-set --ttl-inc --ttl-dec', 1])],
  ['HL', arity(['--hl-set --hl-inc --hl-dec', 1])],
  ['TOS', arity(['--set-tos --and-tos --or-tos --xor-tos', 1])],
  ['DSCP', arity(['--set-dscp --set-dscp-class', 1])],
])

export const changesHeader = (name: string): boolean => options.has(name)

/** Targets that change a field of the packet's header, beside its addresses and ports. */
export function headerTarget(name: string, args: readonly Word[]): Action | undefined {
  const known = options.get(name)
  const [option, ...more] = (known && readOptions(args, known)) ?? []
  const text = option?.args[0]
  if (!option || text === undefined || more.length > 0) return undefined
  if (name === 'TTL' || name === 'HL') {
    const value = decimal(text)
    const op = (['set', 'inc', 'dec'] as const).find((one) => option.name.endsWith(one))
    return value === undefined || value > 255 || !op ? undefined : { kind: 'ttl', op, value }
  }
  if (name === 'DSCP') {
    const dscp = option.name === '--set-dscp' ? mark32(text) : dscpOf(text)
    return dscp === undefined || dscp > 63 ? undefined : { kind: 'tos', value: dscp << 2, mask: 0xfc }
  }
  return tos(option.name, text)
}

/** All spellings of TOS as one: --set-tos value/mask (iptables-extensions(8)). */
function tos(option: string, text: string): Action | undefined {
  const [first, second = '0xff'] = text.split('/')
  const [value, mask] = [mark32(first), mark32(second)]
  if (value === undefined || mask === undefined || value > 255 || mask > 255) return undefined
  switch (option) {
    case '--set-tos':
      return { kind: 'tos', value, mask }
    case '--and-tos':
      return { kind: 'tos', value: 0, mask: ~value & 0xff }
    case '--or-tos':
      return { kind: 'tos', value, mask: value }
    default:
      return { kind: 'tos', value, mask: 0 }
  }
}
