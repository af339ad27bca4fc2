import type { FactKey } from './facts.ts'
import type { By } from './report.ts'
import type { Verdict } from './verdict.ts'

/** Facts that no reply shows: they follow from rules, routes and settings that were read, by the walk of a packet through them. */
const simulatedFacts: ReadonlySet<string> = new Set<FactKey>([
  'path.blackhole',
  'path.firewalld',
  'path.forward',
  'path.hushed',
  'path.inbound.crossings',
  'path.inbound.input',
  'path.inbound.translation',
  'path.let-through',
  'path.loopback-off',
  'path.narrow',
  'path.outbound.crossings',
  'path.own-source',
  'path.past',
  'path.reverse-path',
  'path.route-stops',
  'path.rule-stops',
  'path.six-door',
  'path.turned-back',
  'path.untranslated',
  'path.walks',
])

/** Who says a verdict; of what is not known nobody says anything. */
export function byOf(verdict: Verdict | undefined): By {
  if (!verdict) return 'measured'
  if (verdict.by) return verdict.by
  if (verdict.verdict === 'unknown') return 'assumed'
  return verdict.evidence.some(({ by }) => simulatedFacts.has(by)) ? 'simulated' : 'measured'
}
