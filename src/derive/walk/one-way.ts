import { measuredOutcome } from '../../knowledge/measured.ts'
import type { OneWay } from '../../knowledge/shapes/one-way.ts'
import type { Attempt } from '../../knowledge/shapes/runtime.ts'
import type { PathWalk } from '../../knowledge/shapes/walk.ts'
import { derivation, made, type AnyDerivation } from '../derivation.ts'
import { wayLine } from '../rules/door.ts'
import { isEnded } from './let-through.ts'

const tries = ['path.attempts', 'path.walks'] as const

export const oneWayDerivation: AnyDerivation = derivation({
  provides: 'path.one-way',
  about: 'path',
  from: ['path.untranslated', 'source.alloc.cni.network'],
  maybe: tries,
  waits: tries,
  shows: ['path.attempts', 'source.alloc.cni.network'],
  make: (
    { 'path.untranslated': lost, 'source.alloc.cni.network': network },
    { 'path.attempts': attempts = [], 'path.walks': walks = [] },
  ) => {
    if (lost?.what !== 'source' || lost.way.side !== 'source' || lost.way.mode !== 'cni')
      return made<OneWay | null>(
        null,
        "no address of an operator's network is left on packets that go out",
        undefined,
        ['path.untranslated'],
      )
    if (!network) return made<OneWay | null>(null, 'the source is on no network of the operator')
    const { way } = lost
    const there = attempts.filter(({ host }) => host === way.address)
    const answered = there.find((one) => one.from === 'source' && hasReply(one))
    if (answered)
      return made<OneWay | null>(null, `${lineOf(answered)}: others have a route to ${network.subnets.join(', ')}`)
    const silent = there.find(
      (one) =>
        one.from === 'source' &&
        measuredOutcome(one) === 'silent' &&
        there.some((other) => other.from === 'source-node' && other.port === one.port && hasReply(other)) &&
        !walks.some((walk) => stops(walk, one)),
    )
    const unlike = silent && there.find((one) => one.from === 'source-node' && one.port === silent.port)
    const found: OneWay = { network, way, silent: silent ? `${silent.host}:${silent.port}` : null }
    return silent && unlike
      ? made<OneWay | null>(found, `${lineOf(silent)}\n${lineOf(unlike)}`, 'path.attempts')
      : made<OneWay | null>(found, wayLine(way), 'source.alloc.cni.network')
  },
})

/** Something came back. */
const hasReply = (attempt: Attempt): boolean => ['answered', 'refused'].includes(measuredOutcome(attempt))

const lineOf = ({ place, host, port, outcome }: Attempt): string => `${place} to ${host}:${port}: ${outcome}`

/** By the rules and routes that were read the call ends before anybody else could answer it. */
const stops = (walk: PathWalk, { host, port }: Attempt): boolean =>
  walk.begins === 'source' && walk.dial.host === host && walk.dial.port === port && isEnded(walk)
