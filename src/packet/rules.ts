import type { Chain, Rule, Save, Table } from './iptables.ts'
import { matchRule } from './rules-match.ts'
import type { Packet } from './rules-match.ts'
import { present } from './parsed.ts'

export const table = (save: Save, name: string): Table | undefined => save.tables.find((one) => one.name === name)

export const chain = (save: Save, inTable: string, name: string): Chain | undefined =>
  table(save, inTable)?.chains.find((one) => one.name === name)

/** The first rule of `from` that jumps or goes to `to`, whatever its conditions; `n` is its position. */
export const jumpsTo = (save: Save, inTable: string, from: string, to: string): Rule | undefined =>
  chain(save, inTable, from)?.rules.find(
    ({ target }) => (target?.kind === 'jump' || target?.kind === 'goto') && target.chain === to,
  )

/** A rule and where it stands. */
export interface Step {
  readonly chain: string
  readonly rule: Rule
}

type Terminal = 'accept' | 'drop' | 'reject' | 'dnat' | 'snat' | 'masquerade' | 'redirect' | 'netmap' | 'tproxy'

/** `trace`: the rules that matched, in order. `mark`: the packet's mark at the end, when it is known. */
export type Walked = { readonly trace: readonly Step[]; readonly mark?: number } & (
  | { readonly verdict: Terminal; readonly at: Step }
  /** The built-in chain ended: its policy decided. */
  | { readonly verdict: 'accept' | 'drop'; readonly policy: 'ACCEPT' | 'DROP' }
  /** A user chain ended without a verdict, or there is no such table or chain. */
  | { readonly verdict: 'none' }
  /** `at`: the rule that cannot be decided; absent when the save itself is incomplete. */
  | { readonly verdict: 'unknown'; readonly because: string; readonly at?: Step }
)

type Ended =
  | { readonly verdict: Terminal; readonly at: Step }
  | { readonly verdict: 'unknown'; readonly because: string; readonly at?: Step }

interface Walk {
  readonly chains: ReadonlyMap<string, Chain>
  readonly trace: Step[]
  packet: Packet
  budget: number
}

/**
 * Sends one packet through one chain of one table. Nothing is guessed: a rule whose conditions cannot be decided ends
 * the walk as unknown, unless its target decides nothing either.
 */
export function walkFirstMatch(save: Save, inTable: string, name: string, packet: Packet): Walked {
  const found = table(save, inTable)
  const incomplete = found ? !found.complete : !save.complete
  if (incomplete)
    return { verdict: 'unknown', because: `the list of rules is cut off after line ${save.cutAt ?? '?'}`, trace: [] }
  if (save.incompatible.includes(inTable))
    return { verdict: 'unknown', because: `table ${inTable} is native nftables`, trace: [] }
  const walk: Walk = { chains: new Map(found?.chains.map((one) => [one.name, one])), trace: [], packet, budget: 50_000 }
  const ended = through(walk, name, 0)
  const { trace, packet: after } = walk
  const rest = present<{ trace: readonly Step[]; mark?: number }>({ trace, mark: after.mark })
  if (ended) return { ...ended, ...rest }
  const policy = walk.chains.get(name)?.policy
  if (policy === 'QUEUE') return { verdict: 'unknown', because: 'the policy hands the packet to a program', ...rest }
  return policy ? { verdict: policy === 'ACCEPT' ? 'accept' : 'drop', policy, ...rest } : { verdict: 'none', ...rest }
}

/** Undefined: the chain returned to its caller. */
function through(walk: Walk, name: string, depth: number): Ended | undefined {
  for (const rule of walk.chains.get(name)?.rules ?? []) {
    const step = { chain: name, rule }
    if (depth > 64 || --walk.budget < 0) return { verdict: 'unknown', because: 'the chains lead in a circle', at: step }
    const matched = matchRule(rule, walk.packet)
    if (matched === false) continue
    if (matched !== true) {
      if (!passive(rule)) return { verdict: 'unknown', because: matched, at: step }
      // Whether the mark was set is not known either.
      if (changesMark(rule)) walk.packet = unmarked(walk.packet)
      continue
    }
    walk.trace.push(step)
    const { target } = rule
    if (!target || target.kind === 'continue') continue
    switch (target.kind) {
      case 'jump': {
        const ended = through(walk, target.chain, depth + 1)
        if (ended) return ended
        break
      }
      case 'goto':
        return through(walk, target.chain, depth + 1)
      case 'return':
        return undefined
      case 'notrack':
        walk.packet = { ...walk.packet, ctstate: 'UNTRACKED' }
        break
      case 'mark': {
        const { mark } = walk.packet
        // A mask of all bits overwrites whatever was there.
        if (mark !== undefined || target.mask === 0xffffffff)
          walk.packet = { ...walk.packet, mark: (((mark ?? 0) & ~target.mask) ^ target.value) >>> 0 }
        break
      }
      case 'connmark':
        if (target.op === 'restore') walk.packet = unmarked(walk.packet)
        break
      case 'queue':
        return { verdict: 'unknown', because: `${target.text}: a program decides`, at: step }
      case 'unknown':
        return { verdict: 'unknown', because: `-j ${target.text}: not modelled`, at: step }
      case 'accept':
      case 'drop':
      case 'reject':
      case 'dnat':
      case 'snat':
      case 'masquerade':
      case 'redirect':
      case 'netmap':
      case 'tproxy':
        return { verdict: target.kind, at: step }
    }
  }
  return undefined
}

const passive = ({ target }: Rule): boolean =>
  !target || target.kind === 'continue' || target.kind === 'mark' || target.kind === 'connmark'
const changesMark = ({ target }: Rule): boolean =>
  target?.kind === 'mark' || (target?.kind === 'connmark' && target.op === 'restore')

const unmarked = (packet: Packet): Packet => present<Packet>({ ...packet, mark: undefined })
