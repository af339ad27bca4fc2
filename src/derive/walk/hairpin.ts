import type { Dial } from '../../knowledge/facts/path.ts'
import type { OwnSource, TurnedBack } from '../../knowledge/shapes/own-call.ts'
import type { PathWalk } from '../../knowledge/shapes/walk.ts'
import { jumpsTo } from '../../packet/rules.ts'
import { derivation, made, notKnown, showing, type AnyDerivation } from '../derivation.ts'
import { noAddress } from '../path/discovery.ts'
import { shownAt } from './shown.ts'

const hairpin: AnyDerivation = derivation({
  provides: 'path.turned-back',
  about: 'path',
  from: [],
  maybe: ['path.dials', 'path.past', 'path.followed', 'source.alloc.uplink'],
  waits: ['path.dials'],
  shows: ['source.alloc.uplink', 'path.past'],
  make: (_, { 'path.dials': dials, 'path.past': walks, 'path.followed': whole }, __, { 'path.dials': why }) => {
    if (!dials && why?.detail !== noAddress)
      return notKnown(
        `how the allocation calls itself is not known${why?.detail === undefined ? '' : `: ${why.detail}`}`,
      )
    if (dials?.length === 0) return made<TurnedBack | null>(null, 'the source dials no address of the target')
    if (!walks) return notKnown('how a call of the allocation to itself fares is not known')
    const called = calledIn(walks, dials)
    const [found] = called.flatMap((one) => turnedBack(one).map((back) => ({ ...back, places: one.places })))
    if (found) {
      const { places, ...back } = found
      const line = `${back.place}: ${back.address}:${back.port}, hairpin of ${back.veth} at ${back.bridge} is off`
      const where = { namespace: back.place, at: 'bridge', by: 'kernel', text: back.veth } as const
      return showing(made<TurnedBack | null>(back, line), shownAt([{ where, line }], { places }))
    }
    return !whole || called.some(({ outcome }) => outcome === 'unknown')
      ? notKnown('how a call of the allocation to itself fares is not known')
      : made<TurnedBack | null>(null, 'no call ends at the bridge port it came in by')
  },
})

/** A registered address is walked to as well: it is what is asked about where the source names none, and only then. */
const calledIn = (walks: readonly PathWalk[], dials: readonly Dial[] | undefined): readonly PathWalk[] =>
  walks.filter(({ begins, dial }) => begins === 'source' && (dials?.some(({ from }) => from === dial.from) ?? true))

const off = /^hairpin of (.+) is off$/

/** Every way of the packet ends at the bridge port it came in by. */
function turnedBack({ dial, traces, places }: PathWalk): readonly TurnedBack[] {
  const ends = traces.flatMap(({ verdict }) => {
    if (verdict.kind !== 'dropped' || verdict.by.at !== 'bridge') return []
    const veth = off.exec(verdict.by.text ?? '')?.[1]
    const { namespace, oif: bridge = '' } = verdict.by
    return veth === undefined ? [] : [{ place: places[namespace]?.label ?? namespace, bridge, veth }]
  })
  const [first] = ends
  if (!first || ends.length < traces.length) return []
  return [{ ...first, address: dial.host, port: dial.port, from: dial.from }]
}

/** The client sends such a call back to the allocation, which drops it: it comes from its own address. */
const ownSource: AnyDerivation = derivation({
  provides: 'path.own-source',
  about: 'path',
  from: ['path.entry'],
  maybe: ['path.dials', 'path.past', 'path.followed', 'target.node.iptables'],
  waits: ['path.dials'],
  shows: ['target.node.iptables', 'path.past'],
  make: (
    { 'path.entry': entry },
    { 'path.dials': dials, 'path.past': walks, 'path.followed': whole, 'target.node.iptables': save },
    _,
    { 'path.dials': why },
  ) => {
    if (entry !== 'self') return made<OwnSource | null>(null, 'the caller is not the allocation itself')
    if (dials?.length === 0) return made<OwnSource | null>(null, 'the source dials no address of the target')
    if ((!dials && why?.detail !== noAddress) || !walks)
      return notKnown('how a call of the allocation to itself fares is not known')
    const called = calledIn(walks, dials)
    const [found] = called.flatMap(keptSource)
    if (found && !save) return notKnown('the iptables rules are not known')
    if (found && save) {
      const jump = jumpsTo(save, 'nat', 'POSTROUTING', 'CNI-HOSTPORT-MASQ') !== undefined
      return made<OwnSource | null>(
        { ...found, jump },
        `${found.place}: a call from ${found.source} to ${found.address}:${found.port} is sent back to it with its own address as source\n${jump ? 'POSTROUTING has a jump to CNI-HOSTPORT-MASQ' : 'POSTROUTING has no jump to CNI-HOSTPORT-MASQ'}`,
      )
    }
    return !whole || called.some(({ outcome }) => outcome === 'unknown')
      ? notKnown('how a call of the allocation to itself fares is not known')
      : made<OwnSource | null>(null, 'no call comes back with the source it was sent with')
  },
})

/** Every way of the packet comes back to where it began, its destination changed and its source not, and is dropped there. */
function keptSource({ start, dial, traces, places }: PathWalk): readonly Omit<OwnSource, 'jump'>[] {
  const kept = traces.flatMap(({ hops, verdict, passed = [] }) => {
    const mapped = hops.find(
      ({ namespace, before, after }) => namespace !== start.namespace && before.dst !== after.dst,
    )
    const back = [verdict, ...passed.map((one) => one.verdict)].some(
      (one) =>
        one.kind === 'dropped' &&
        one.by.namespace === start.namespace &&
        one.by.at === 'route' &&
        one.by.iif !== undefined,
    )
    const same = hops.every(({ before, after }) => before.src === after.src)
    return mapped && back && same ? [{ place: places[mapped.namespace]?.label ?? '', source: mapped.before.src }] : []
  })
  const [first] = kept
  if (!first || kept.length < traces.length) return []
  return [{ ...first, address: dial.host, port: dial.port, from: dial.from }]
}

export const hairpinDerivations: readonly AnyDerivation[] = [hairpin, ownSource]
