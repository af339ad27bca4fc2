import { iptablesOf } from './admission.ts'
import type { RuleStop } from './shapes/walk.ts'

/** One word of a rule, as iptables-save writes it: in quotes where it has spaces, with a backslash before each quote in it. */
const word = /"((?:[^"\\]|\\.)*)"|([^\s"'\\]+)/g

/** The words of a rule; undefined where it is not made of words alone. */
function wordsOf(rule: string): readonly string[] | undefined {
  const words = [...rule.matchAll(word)]
  return words.map(([text]) => text).join(' ') === rule
    ? words.map(([, quoted, plain = '']) => quoted?.replaceAll(/\\(.)/g, '$1') ?? plain)
    : undefined
}

/**
 * The command that deletes a rule as `iptables -S` prints it: by its text, since numbers shift. Undefined where the rule
 * is of another chain, or is not read.
 */
export function deletion(
  program: string,
  table: string,
  chain: string,
  rule: string | null,
): readonly string[] | undefined {
  const [add, of, ...rest] = wordsOf(rule ?? '') ?? []
  return add === '-A' && of === chain ? [program, '-t', table, '-D', chain, ...rest] : undefined
}

/** The command that writes a jump in place of a goto, so that what its chain does not decide comes back; undefined for other rules. */
export function jumpInstead({ program, table, chain, n, rule }: Placed): readonly string[] | undefined {
  const words = deletion(program, table, chain, rule)?.slice(5)
  const at = words?.lastIndexOf('-g') ?? -1
  return words && at !== -1 ? [program, '-t', table, '-R', chain, String(n), ...words.with(at, '-j')] : undefined
}

export interface Placed {
  readonly program: string
  readonly table: string
  readonly chain: string
  /** Position in the chain, from 1, and the rule as it is printed. */
  readonly n: number
  readonly rule: string
}

/** A part of a cure. */
export interface Removal {
  readonly run: readonly string[]
  readonly risk: string
}

/** The same of a rule that a walk met, whichever program it is of; undefined for one of nftables without a handle. `rule` null: by its text alone. */
export function removalAt({ by, family, table, chain, rule, text, handle }: Met, risk: string): Removal | undefined {
  if (by === 'nftables')
    return handle === null
      ? undefined
      : { run: ['nft', 'delete', 'rule', ...table.split(' '), chain, 'handle', String(handle)], risk }
  const program = iptablesOf({ by, family })
  if (rule !== null) return removalOf({ program, table, chain, n: rule, rule: text }, risk)
  const run = deletion(program, table, chain, text)
  return run && { run, risk }
}
type Met = Pick<RuleStop, 'by' | 'family' | 'table' | 'chain' | 'rule' | 'handle'> & { readonly text: string }

/** The same by the rule's number where its text does not do; `risk` is that of its going. */
export function removalOf({ program, table, chain, n, rule }: Placed, risk: string): Removal {
  const run = deletion(program, table, chain, rule)
  return run
    ? { run, risk }
    : {
        run: [program, '-t', table, '-D', chain, String(n)],
        risk: `${shifts({ program, table, chain, n })}. ${risk}`,
      }
}

/** The risk of naming a rule by its number. */
export const shifts = ({ program, table, chain, n }: Omit<Placed, 'rule'>): string =>
  `Numbers shift with every rule added or removed above: make sure that ${program} -t ${table} -S ${chain} ${n} still prints this rule`
