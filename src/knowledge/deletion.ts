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
