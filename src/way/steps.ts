import { isBridge, type Bridges } from './visits.ts'
import type { Hop, Tuple, Verdict, Where } from './walked.ts'
import { atText, changeText, doesTitle, ruleName, verdictText, type Told } from './words.ts'

/** One line of a way: hops that only pass are one line. */
export interface WayStep {
  /** Place of the section and of the step in it: `2.1`; an answer's begin with `b`. */
  readonly id: string
  readonly kind: 'in' | 'pass' | 'change' | 'out' | 'end'
  readonly mood: 'plain' | 'good' | 'bad' | 'unknown'
  readonly title: string
  readonly says: string
  /** The rule that decides: `nat CNI-DN-a1 rule 2`; empty where none does. */
  readonly rule: string
  /** That rule, route or socket as written. */
  readonly text: string
  readonly hops: readonly Hop[]
  /** Where it ends. */
  readonly where?: Where
}

/** How a way ends. `told`: what the caller learns by the answer. */
export interface End {
  readonly verdict: Verdict | { readonly kind: 'returned'; readonly namespace: string }
  readonly tuple: Tuple
  readonly told?: Told
}

type Draft = Omit<WayStep, 'id'>

const rewrites = new Set(['dnat', 'snat', 'masquerade', 'redirect', 'translate', 'translate back', 'tproxy', 'notrack'])
const changes = ({ does, before, after }: Hop): boolean =>
  rewrites.has(does) ||
  before.src !== after.src ||
  before.sport !== after.sport ||
  before.dst !== after.dst ||
  before.dport !== after.dport

/** The lines of one namespace; `end` when the way ends there. */
export function stepsOf(hops: readonly Hop[], end: End | undefined, bridges: Bridges): readonly Draft[] {
  const steps: Draft[] = []
  let quiet: readonly Hop[] = []
  /** Jumps that led to a rule belong to it; the rest only passed. */
  const take = (where: Where | undefined): readonly Hop[] => {
    const led = quiet.filter(({ at, table }) => at === where?.at && table === where.table)
    const rest = quiet.filter((hop) => !led.includes(hop))
    quiet = []
    // That an address is one of its own says what follows anyway.
    if (rest.every(({ does }) => does === 'local')) return [...rest, ...led]
    steps.push(passed(rest))
    return led
  }
  const ending = end && endingHop(hops, end)
  const walked = ending ? hops.slice(0, -1) : hops
  walked.forEach((hop, i) => {
    if (hop.does === 'arrive') steps.push(entered([...take(undefined), hop], walked[i + 1], bridges))
    else if (hop.does === 'route') steps.push(routed([...take(undefined), hop]))
    else if (changes(hop)) steps.push(changed([...take(hop), hop]))
    else quiet = [...quiet, hop]
  })
  if (!end) {
    const rest = take(undefined)
    if (rest.length > 0) steps.push(passed(rest))
  } else {
    const where = ending ?? whereOf(end.verdict)
    steps.push(ended(take(where), ending, end, where))
  }
  return steps
}

const whereOf = (verdict: End['verdict']): Where | undefined =>
  'by' in verdict ? verdict.by : 'where' in verdict ? verdict.where : undefined

/** The hop that is the end itself: the rule that drops, the socket that takes it. */
function endingHop(hops: readonly Hop[], { verdict }: End): Hop | undefined {
  const last = hops.at(-1)
  if (verdict.kind === 'delivered') return last?.does === 'deliver' ? last : undefined
  if (!last || !('by' in verdict)) return undefined
  const { namespace, at, table, chain, rule } = verdict.by
  const same = last.namespace === namespace && last.at === at && last.table === table
  return same && chain !== undefined && last.chain === chain && last.rule === rule ? last : undefined
}

function entered(hops: readonly Hop[], next: Hop | undefined, bridges: Bridges): Draft {
  const { iif = '', namespace = '' } = hops.at(-1) ?? {}
  const bridge = next?.namespace === namespace && next.iif !== iif ? next.iif : undefined
  const port = isBridge(bridges, namespace, bridge) ? `, a port of bridge ${bridge}` : ''
  return line('in', 'in', `by ${iif}${port}`, hops)
}

function routed(hops: readonly Hop[]): Draft {
  const last = hops.at(-1)
  return line('out', 'out', `by ${last?.oif ?? ''}`, hops, last)
}

/** Rules that were met and let it go on: the last one that accepted speaks for them. */
function passed(hops: readonly Hop[]): Draft {
  const rules = hops.filter(({ chain }) => chain !== undefined)
  const bridged = hops.find(({ does }) => does === 'bridge')
  if (rules.length === 0 && bridged)
    return line('pass', 'bridged', `by ${bridged.iif ?? ''} to ${bridged.oif ?? ''}`, hops)
  const accepts = hops.findLast(({ does, rule }) => does === 'accept' && rule !== undefined)
  const last = accepts ?? rules.at(-1) ?? hops.at(-1)
  const count = rules.length === 1 ? '1 rule' : `${rules.length} rules`
  const says = rules.length === 0 && last ? `${atText(last)}: ${last.does}` : count
  return line('pass', accepts ? 'let through' : 'passes', says, hops, last)
}

function changed(hops: readonly Hop[]): Draft {
  const last = hops.at(-1)
  if (!last) return line('change', '', '', hops)
  const still = last.does === 'notrack' ? 'connection tracking and NAT never see it' : 'nothing changes by it'
  return line('change', doesTitle(last.does), changeText(last.before, last.after) || still, hops, last)
}

const good = new Set(['delivered', 'returned'])

function ended(led: readonly Hop[], ending: Hop | undefined, end: End, where: Where | undefined): Draft {
  const { kind } = end.verdict
  const { title, says } = verdictText(end.verdict, end.tuple, end.told)
  const refused = kind === 'returned' && end.told !== undefined && end.told !== 'answer'
  const mood = kind === 'unknown' ? 'unknown' : good.has(kind) && !refused ? 'good' : 'bad'
  const last = line('end', title, says, [...led, ...(ending ? [ending] : [])], where)
  return { ...last, mood, ...(where ? { where } : {}) }
}

function line(kind: WayStep['kind'], title: string, says: string, hops: readonly Hop[], decides?: Where): Draft {
  const rule = decides ? ruleName(decides) : ''
  return { kind, mood: 'plain', title, says, rule, text: decides?.text ?? '', hops }
}
