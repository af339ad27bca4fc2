import type { World } from './fact.ts'
import { isAnswered } from './measured.ts'
import type { PacketEnd } from './report.ts'
import { resolve } from './resolve.ts'
import type { Attempt } from './shapes/runtime.ts'
import type { Trace } from './shapes/packet.ts'
import type { PathWalk } from './shapes/walk.ts'
import type { Thing } from './things.ts'

/**
 * Where the packet of a path ends, or its answer, by the rules and routes that were read. Nothing is said of a path of
 * which one address answers, or may: the others need not be those the source uses. `why`: what ends it there, in words.
 */
export function packetEnd(
  scope: readonly Thing[],
  world: World,
  why: (walk: PathWalk) => string,
): PacketEnd | undefined {
  for (const path of scope.filter(({ kind }) => kind === 'path')) {
    const [walks, attempts] = (['path.walks', 'path.attempts'] as const).map((need) => resolve(world, path, need))
    if (walks?.state !== 'known') continue
    const all = walks.value as readonly PathWalk[]
    const own = all.filter(({ begins }) => begins === 'source')
    const met = attempts?.state === 'known' ? (attempts.value as readonly Attempt[]) : []
    const ends = (own.length > 0 ? own : all).map((walk) => (isAnswered(walk, met) ? undefined : endOf(walk, why)))
    const [first] = ends
    if (first && !ends.includes(undefined)) return { about: path.about, ...first }
  }
  return undefined
}

function endOf(walk: PathWalk, why: (walk: PathWalk) => string): Omit<PacketEnd, 'about'> | undefined {
  const { dial, outcome, traces, places } = walk
  const [end, ...others] = traces.map(placeOf)
  if (!end || outcome === 'answered' || outcome === 'unknown') return undefined
  if (!others.every((one) => one.namespace === end.namespace && one.of === end.of)) return undefined
  const host = dial.host.includes(':') ? `[${dial.host}]` : dial.host
  const place = places[end.namespace]?.label ?? end.namespace
  return { address: `${host}:${dial.port}`, place, of: end.of, why: why(walk) }
}

/** What comes back of a packet that arrives ends for itself. */
function placeOf({ verdict, back }: Trace): { readonly of: PacketEnd['of']; readonly namespace: string } {
  if (verdict.kind === 'delivered' && back && back.verdict.kind !== 'returned')
    return { of: 'answer', namespace: namespaceOf(back.verdict) }
  return { of: 'packet', namespace: namespaceOf(verdict) }
}

const namespaceOf = (verdict: Trace['verdict']): string =>
  'namespace' in verdict ? verdict.namespace : 'by' in verdict ? verdict.by.namespace : verdict.where.namespace
