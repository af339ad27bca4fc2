import { sameTuple } from './packet.ts'
import type { Packet } from './packet.ts'
import type { Next } from './program.ts'
import { rank } from './tables.ts'
import type { Base } from './tables.ts'
import { whereOf } from './world.ts'
import type { Sight } from './world.ts'
import type { Hook } from './types.ts'

/**
 * Chains of the same priority: the one registered later runs first, which no command shows. When more than one of them
 * would decide something and they differ, either may run first: the walk goes both ways. The chains in that order.
 */
export function ordered(
  sight: Sight,
  bases: readonly Base[],
  at: number,
  walk: (sight: Sight, base: Base) => Next,
): readonly Base[] {
  const first = firstOf(sight, bases, at, walk)
  return first ? [...bases.slice(0, at), first, ...bases.slice(at).filter((one) => one !== first)] : bases
}

function firstOf(
  sight: Sight,
  bases: readonly Base[],
  at: number,
  walk: (sight: Sight, base: Base) => Next,
): Base | undefined {
  const base = bases[at]
  const place = sight.at as Hook
  const [next, previous] = [bases[at + 1], bases[at - 1]]
  if (!base || !next || base.empty || next.empty) return undefined
  const level = (one: Base): number => (one.type === 'nat' ? one.prio : rank(one, place))
  // Only the first of a group looks at the others: afterwards the order is settled.
  if (level(next) !== level(base) || (previous && level(previous) === level(base))) return undefined
  const group = bases.slice(at).filter((one) => level(one) === level(base) && one.type === base.type && !one.empty)
  const ends = group.map((one) => outcome(sight, one, walk))
  const deciding = group.filter((_, i) => ends[i] !== undefined)
  if (new Set(ends.filter((end) => end !== undefined)).size < 2) return undefined
  const chosen = deciding[sight.world.choices.choose(deciding.length)]
  const where = whereOf(sight, {
    by: chosen?.program.by ?? 'kernel',
    ...(chosen ? { table: chosen.program.table, chain: chosen.chain } : {}),
    text: `runs first of the chains of priority ${base.prio}`,
  })
  sight.world.chances.push({ where, matched: true })
  return chosen
}

/** What a chain alone would do to a copy of the packet; undefined: nothing. */
export function outcome(sight: Sight, base: Base, walk: (sight: Sight, base: Base) => Next): string | undefined {
  const { packet, world } = sight
  const { track } = packet
  const flow = track?.flow && { ...track.flow }
  const copy: Packet = { ...packet, track: track && { ...track, flow } }
  let chance = ''
  const choose = (): number => {
    // What may end in several ways is like nothing else.
    chance = `by chance in ${base.program.table}`
    return 0
  }
  const quiet = { ...world, hops: [], chances: [], choices: { choose }, touched: new Map(world.touched) }
  const next = walk({ ...sight, packet: copy, world: quiet }, base)
  if (chance !== '') return chance
  if (next?.go === 'stop') return next.verdict.kind === 'rejected' ? `rejected ${next.verdict.with}` : next.verdict.kind
  const { flow: held } = track ?? {}
  // A translation to what is there already is one too: no later chain is asked.
  const decided = flow && held && (flow.dst !== held.dst || flow.src !== held.src || !sameTuple(flow.reply, held.reply))
  if (base.type === 'nat') return decided ? JSON.stringify([flow.reply, copy.mark]) : undefined
  const [before, after] = [packet, copy].map(({ mark, tos, ttl, zone, untracked, proxy, track: own }) =>
    JSON.stringify({ mark, tos, ttl, zone, untracked, proxy, noted: own?.flow?.mark }),
  )
  return before === after ? undefined : after
}
