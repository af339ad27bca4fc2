import type { Report } from './report.ts'

/**
 * The exit code of a report: 1 a diagnosis; 3 none, and something on the walked branch is unknown or assumed, wrong without a
 * cause, or beside the question; 0 otherwise.
 */
export function exitCode({ diagnosis, findings, steps, signs = [], ends }: Report): 0 | 1 | 3 {
  if (diagnosis) return 1
  const open = signs.length > 0 || ends !== undefined || steps.some((step) => step.open)
  return open || findings.some(({ severity }) => severity === 'breaks') ? 3 : 0
}
