/**
 * The command that deletes a rule as `iptables -S` prints it: by its text, since numbers shift. Undefined where a quoted
 * word makes more of it than words, or where the rule is of another chain.
 */
export function deletion(
  program: string,
  table: string,
  chain: string,
  rule: string | null,
): readonly string[] | undefined {
  const [add, of, ...rest] = rule?.split(' ') ?? []
  return rule !== null && add === '-A' && of === chain && !/["'\\]/.test(rule)
    ? [program, '-t', table, '-D', chain, ...rest]
    : undefined
}

interface Placed {
  readonly program: string
  readonly table: string
  readonly chain: string
  /** Position in the chain, from 1, and the rule as it is printed. */
  readonly n: number
  readonly rule: string
}

/** The same as a part of a cure, by the rule's number where its text does not do; `risk` is that of its going. */
export function removalOf(
  { program, table, chain, n, rule }: Placed,
  risk: string,
): { readonly run: readonly string[]; readonly risk: string } {
  const run = deletion(program, table, chain, rule)
  return run
    ? { run, risk }
    : {
        run: [program, '-t', table, '-D', chain, String(n)],
        risk: `Numbers shift with every rule added or removed above: make sure that ${program} -t ${table} -S ${chain} ${n} still prints this rule. ${risk}`,
      }
}
