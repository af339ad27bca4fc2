import type { Facts } from '../../knowledge/facts.ts'
import type { Attempt } from '../../knowledge/shapes/runtime.ts'
import type { PathWalk } from '../../knowledge/shapes/walk.ts'
import type { Thing } from '../../knowledge/things.ts'
import { derivation, made, notKnown, type Maybe } from '../derivation.ts'
import { toldIn, type Place } from './literals.ts'
import { linked } from './place.ts'
import { wayNeeds } from './ways.ts'

const isClear = ({ outcome }: Attempt): boolean => outcome !== 'unclear'
const good: readonly Attempt['outcome'][] = ['answered', 'connected']

/** Where nothing more can tell which addresses it calls, it is taken to call the registered one. */
const isRead = (known: Maybe<(typeof wayNeeds)[number]>, thing: Thing): boolean =>
  thing.names.caller === undefined ||
  linked(thing, 'source.group') === 'nobody' ||
  wayNeeds.every(
    (need) =>
      known[need] !== undefined ||
      (need === 'target.group.spec' && linked(thing, 'target.group') === 'nobody') ||
      (need === 'target.alloc.record' && linked(thing, 'target.alloc') === 'nobody'),
  )

/** A place without a port is any port of it. */
const isAt = ({ host, port }: Place, one: Attempt): boolean =>
  host === one.host && (port === undefined || port === one.port)

/** Attempts that the target's side made from the very namespace the source calls from. */
function sharedWith({ links }: Thing, namespace: string | undefined): Attempt['from'] | undefined {
  const same = (kind: 'alloc' | 'node'): boolean => {
    const own = links[`source.${kind}`]
    return typeof own === 'string' && own === links[`target.${kind}`]
  }
  if (namespace === 'group' && same('alloc')) return 'target'
  return namespace === 'host' && same('node') ? 'target-node' : undefined
}

type Reached = Facts['path.reached']

/** Nobody is told that a datagram arrived: an answer may have been seen, or the rules say that nothing is in its way. */
function byUdp(flows: readonly Attempt[] | undefined, walks: readonly PathWalk[] | undefined) {
  const [flow] = flows ?? []
  if (flow)
    return made<Reached>('answered', `${flow.place} to ${flow.host}:${flow.port} by UDP: answered`, 'path.flows')
  const own = walks?.filter(({ begins }) => begins === 'source') ?? []
  return own.length > 0 && own.every(({ outcome }) => outcome === 'answered')
    ? made<Reached>('untold', 'UDP tells nobody that it arrived; nothing that was read stands in its way', 'path.walks')
    : notKnown('the source calls by UDP, which tells nobody that it arrived')
}

/**
 * What the source itself meets: from its own namespace, or from its client when it has none of its own. The address the person
 * says it dials counts, or those the source has written down, or else the registered one; where the target has no mapped port, any
 * address that answers does.
 */
export const reachedDerivation = derivation({
  provides: 'path.reached',
  about: 'path',
  from: ['path.attempts'],
  maybe: [
    'path.port',
    'path.discovery',
    'path.dials',
    'path.protocol',
    'path.flows',
    'path.walks',
    'path.caller-namespace',
    ...wayNeeds,
  ],
  waits: ['path.discovery', 'path.dials', 'path.flows', 'path.caller-namespace'],
  shows: ['path.attempts', 'path.flows'],
  make: ({ 'path.attempts': attempts }, known, thing) => {
    const { 'path.port': port, 'path.discovery': way, 'path.dials': dials } = known
    if (!port && linked(thing, 'target.group') !== 'nobody') return notKnown("the target's port is not known")
    const told = toldIn(thing.names.dials)
    if (known['path.protocol'] === 'udp') return byUdp(known['path.flows'], known['path.walks'])
    const [address, number] = [told?.host || port?.mapped?.hostIp, told?.port ?? port?.mapped?.hostPort]
    const fromSource = attempts.filter(({ from }) => from === 'source')
    const tried = fromSource.length > 0 ? fromSource : attempts.filter(({ from }) => from === 'source-node')
    const clear = tried.filter(isClear)
    if (told === undefined && (way === undefined ? !isRead(known, thing) : way === 'fixed-address' && !dials))
      return notKnown('which addresses the source calls is not known')
    const written = told === undefined && (way === 'fixed-address' || way === 'localhost') ? (dials ?? []) : []
    const beside = sharedWith(thing, known['path.caller-namespace'])
    const own = (one: Attempt): boolean => tried.includes(one) || one.from === beside
    const dialled = attempts.filter((one) => own(one) && written.some((dial) => isAt(dial, one)))
    if (written.length > 0 && dialled.length === 0 && address !== undefined)
      return notKnown(
        `what the source calls was not tried: ${written.map(({ host, port }) => (port === undefined ? host : `${host}:${port}`)).join(', ')}`,
        'not-asked',
      )
    const registered = clear.filter(({ host, port }) => host === address && port === number)
    const any = registered.length > 0 ? registered : clear
    const meant = dialled.length > 0 ? dialled.filter(isClear) : any
    if (meant.length === 0) return notKnown('no attempt was made from the source', 'not-asked')
    const shown = meant.map(({ place, host, port, outcome }) => `${place} to ${host}:${port}: ${outcome}`)
    const [well, unsteady] = [
      meant.some(({ outcome }) => good.includes(outcome)),
      meant.some(({ outcome }) => outcome === 'sometimes'),
    ]
    // Another address that answers every time says nothing for the one that is meant.
    const steady = well && (meant === clear || !unsteady)
    return made(steady ? 'answered' : unsteady ? 'sometimes' : 'fails', shown.join('\n'))
  },
})
