import type { PathWalk, TurnedBack } from '../../knowledge/shapes/walk.ts'
import { derivation, made, notKnown, showing, type AnyDerivation } from '../derivation.ts'
import { noAddress } from '../path/discovery.ts'
import { shownAt } from './shown.ts'

export const hairpinDerivation: AnyDerivation = derivation({
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
    // A registered address is walked to as well: it is what is asked about where the source names none, and only then.
    const called = walks.filter(
      ({ begins, dial }) => begins === 'source' && (dials?.some(({ from }) => from === dial.from) ?? true),
    )
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
