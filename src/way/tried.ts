import { agrees, isLate, measuredOutcome } from '../knowledge/measured.ts'
import type { Attempt } from '../knowledge/shapes/runtime.ts'
import { isLoopback } from '../packet/ipaddr.ts'
import { outcomeOf, walk } from '../packet/walk/index.ts'
import type { Outcome, PathNetwork, PathWalk, WalkPlace } from './walked.ts'

/** A connection attempt with what the walk says of the same packet; `namespace` null: made where we do not see. */
export interface Tried {
  readonly attempt: Attempt
  readonly namespace: string | null
  readonly simulated: Outcome
  /** Whether the caller may be told so only after seconds, or not at all. */
  readonly late: boolean
}

/** Attempts name their machine by the beginning of its id. */
const isAt = ({ place }: Attempt, { kind, node, alloc }: WalkPlace): boolean =>
  kind === 'client'
    ? node !== undefined && place === `client ${node.slice(0, 8)}`
    : alloc !== undefined && place.endsWith(`allocation ${alloc.slice(0, 8)}`)

/** Every attempt once, beside its walk from the same place. */
export function triedOf(attempts: readonly Attempt[], network: PathNetwork | null): readonly Tried[] {
  const once = attempts.filter(
    (one, i) =>
      attempts.findIndex(({ place, host, port }) => place === one.place && host === one.host && port === one.port) ===
      i,
  )
  return once.map((attempt) => {
    const places = Object.entries(network?.places ?? {})
    const namespace = places.find(([, place]) => isAt(attempt, place))?.[0] ?? null
    return {
      attempt,
      namespace,
      ...(network && namespace !== null ? simulated(attempt, namespace, network) : unsimulated),
    }
  })
}

const unsimulated = { simulated: 'unknown', late: false } as const

function simulated(
  { host, port }: Attempt,
  namespace: string,
  { topology }: PathNetwork,
): Pick<Tried, 'simulated' | 'late'> {
  const traces = walk(topology, { namespace }, { proto: 'tcp', dst: host, dport: port })
  const outcomes = new Set(traces.map(outcomeOf))
  return { simulated: outcomes.size === 1 ? ([...outcomes][0] ?? 'unknown') : 'unknown', late: isLate(traces) }
}

const words: Readonly<Record<Attempt['outcome'], string>> = {
  answered: 'answered',
  connected: 'connected',
  stalled: 'connected, then silence',
  refused: 'refused',
  'timed-out': 'no answer',
  unreachable: 'no way',
  reset: 'connected, then reset',
  empty: 'connected, no answer',
  'name-unknown': 'name not known',
  sometimes: 'only sometimes',
  unclear: 'cannot be told',
}
const outcomeWords: Readonly<Record<Outcome, string>> = {
  answered: 'connected',
  refused: 'refused',
  unreachable: 'no way',
  silent: 'no answer',
  unknown: 'cannot be told',
}

const whoOf = ({ place }: Attempt): string =>
  /^task \S+/.exec(place)?.[0] ?? (place.startsWith('client ') ? 'the client' : 'the namespace')

/** An attempt in the words of a reader, and whether the walk says the same; null where one of both cannot tell. */
export function comparedText({ attempt, simulated: said, late }: Tried): {
  readonly to: string
  /** Who tried, of the place it was tried in. */
  readonly by: string
  readonly measured: string
  readonly simulated: string
  readonly agrees: boolean | null
  readonly stood: boolean
} {
  const { host, port, outcome } = attempt
  return {
    to: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
    by: whoOf(attempt),
    measured: words[outcome],
    simulated: outcomeWords[said],
    agrees: agrees(said, attempt, late),
    stood: measuredOutcome(attempt) === 'answered',
  }
}

/** Why nothing that was tried says anything of this packet; null where it does. */
export const unmeasured = ({ wanted }: PathWalk): string | null =>
  wanted.proto === 'udp' ? 'only TCP connections are tried, and this packet goes by UDP' : null

/** The very connection, where it was tried from the namespace that the walk starts in. */
const sameAs = (walk: PathWalk, tried: readonly Tried[]): readonly Tried[] =>
  unmeasured(walk) !== null || walk.start.arrives !== undefined
    ? []
    : tried.filter(
        ({ attempt, namespace }) =>
          namespace === walk.start.namespace && attempt.host === walk.dial.host && attempt.port === walk.dial.port,
      )

/** It was tried, and stood. */
export const stoodAnyway = (walk: PathWalk, tried: readonly Tried[]): boolean =>
  sameAs(walk, tried).some(({ attempt }) => measuredOutcome(attempt) === 'answered')

/** It was tried, and fared otherwise than the walk says, every time: what was measured counts. */
export function measuredAgainst(walk: PathWalk, tried: readonly Tried[]): Tried | undefined {
  const same = sameAs(walk, tried)
  const differs = ({ attempt, late }: Tried): boolean => agrees(walk.outcome, attempt, late) === false
  return same.every(differs) ? same[0] : undefined
}

/** That measurement, before the sentence of the walk it contradicts. */
export function againstText(tried: Tried): string {
  const { by, measured } = comparedText(tried)
  return `Tried from ${by}: ${measured}. What was read does not explain it; the walk says:`
}

/** What the caller meets: by measurement where that tells, by the walk otherwise. */
export function metBy(walk: PathWalk, tried: readonly Tried[]): Outcome {
  const against = measuredAgainst(walk, tried)
  if (against) return measuredOutcome(against.attempt)
  return walk.outcome === 'unknown' && stoodAnyway(walk, tried) ? 'answered' : walk.outcome
}

/**
 * Whether an attempt says something of this walk where it was made: not the target's call of itself by its host port, nor
 * a call of its inner address on another client, where another allocation may have the same.
 */
export function belongs(tried: Tried, walked: PathWalk): boolean {
  const { attempt, namespace } = tried
  const { host } = attempt
  const { places, meant, wanted, traces } = walked
  const target = meant?.[0]
  if (isOfAnotherPort(attempt, walked)) return false
  if (namespace === null || target === undefined || isLoopback(host)) return true
  if (
    traces.some(({ hops }) =>
      hops.some((hop) => hop.namespace === namespace && [hop.before.dst, hop.after.dst].includes(host)),
    )
  )
    return true
  if (namespace === target) return namespace === meant?.[1]
  return host === wanted.dst || places[namespace]?.node === places[target]?.node
}

/** A port that the packet is never sent to; which one it is inside is not known of a packet that nothing translates. */
function isOfAnotherPort({ host, port }: Attempt, { wanted, traces }: PathWalk): boolean {
  const met = traces.flatMap(({ hops }) => hops.flatMap(({ before, after }) => [before.dport, after.dport]))
  const ports = new Set([wanted.dport, ...met])
  return !ports.has(port) && (host === wanted.dst || ports.size > 1)
}
