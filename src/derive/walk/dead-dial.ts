import type { DeadDial, PathWalk } from '../../knowledge/shapes/walk.ts'
import { originOf } from '../../knowledge/origin-of.ts'
import { groupId } from '../../knowledge/things.ts'
import { strayOf } from '../../packet/walk/index.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { loops } from '../path/literals.ts'
import { placeOf } from './beginning.ts'
import { besideNeeds, deadBeside } from './dead-beside.ts'

/** Addresses of the target's client that the source has written down, none of which leads anywhere; or one that is dead beside the right one. */
export const deadDialDerivation: AnyDerivation = derivation({
  provides: 'path.dead-dial',
  about: 'path',
  from: ['path.discovery', 'path.dials'],
  maybe: ['path.port', 'path.walks', 'every.node.allocations', ...besideNeeds],
  waits: ['path.port', 'path.walks', 'every.node.allocations', ...besideNeeds],
  shows: ['path.dials', 'path.walks'],
  make: ({ 'path.discovery': way, 'path.dials': dials }, known, thing, { 'path.port': missed }) => {
    const { 'path.port': asked, 'path.walks': walks, 'every.node.allocations': clients } = known
    const { links, names } = thing
    if (way !== 'fixed-address') return made<DeadDial | null>(null, 'the source has no address written down')
    if (links['target.group'] === null) return made<DeadDial | null>(null, 'the target is no group')
    if (!asked) return notKnown(missed?.detail ?? 'the port asked about is not known', missed?.why)
    const { label, mapped } = asked
    if (!mapped) return made<DeadDial | null>(null, 'the target has no host port')
    const { hostIp, hostPort } = mapped
    const isTold = names.dials !== undefined
    const there = dials.filter(
      ({ host, port, from }) =>
        !loops(host) && (host === '' || host === hostIp) && port !== undefined && (!isTold || from === 'case'),
    )
    // A port that an earlier allocation of the target had is hardcoded-dynamic-port.
    const held = (clients?.flatMap(({ value }) => value) ?? []).filter(
      ({ clientStatus, job, group, namespace }) =>
        (!isTold && clientStatus === 'running') || groupId(job, group, namespace) === links['target.group'],
    )
    const isHeld = (port: number | undefined) =>
      port === hostPort || held.some(({ ports }) => ports.some((one) => one.hostIp === hostIp && one.hostPort === port))
    if (!isTold && dials.some(({ host, port }) => host === hostIp && port === hostPort)) {
      const found = deadBeside(thing, dials, known)
      if (found === undefined) return notKnown('whether anybody listens where the source calls besides is not known')
      if (found) {
        const { place, called } = found
        const { host, port, from } = called
        const value: DeadDial = { place, host, port, from, label, now: { hostIp, hostPort }, beside: true }
        return made<DeadDial | null>(value, `${originOf(value)}: ${host}:${port}: nothing listens there`)
      }
    }
    if (there.length === 0 || there.some(({ port }) => isHeld(port)))
      return made<DeadDial | null>(null, 'it has the address of a port of the target, or none of its client')
    const ways = there.map(({ port }) =>
      walks?.find(({ begins, dial }) => begins === 'source' && dial.host === hostIp && dial.port === port),
    )
    const node = placeOf(walks?.[0]?.places ?? {}, 'client', links['target.node'])
    // What is written down may be meant for whoever has it; what the person says is dialled for the target is not.
    const isAstray = (one: PathWalk) => isTold && takerOf(one) !== undefined
    if (ways.some((one) => one && one.outcome !== 'unknown' && !isClosedAt(one, node) && !isAstray(one)))
      return made<DeadDial | null>(null, 'one of its addresses leads somewhere, or is stopped on the way')
    const [first] = ways
    if (!clients || !first || ways.some((one) => !one || one.outcome === 'unknown'))
      return notKnown('whether anybody listens where the source calls is not known')
    const { host, port, from } = first.dial
    const taker = takerOf(first)
    const value: DeadDial = {
      place: first.places[node ?? '']?.label ?? '',
      host,
      port,
      from,
      label,
      now: { hostIp, hostPort },
      ...(taker === undefined ? {} : { taker }),
    }
    return made<DeadDial | null>(value, `${originOf(value)}: ${host}:${port}: ${taker ?? 'nothing'} listens there`)
  },
})

const isClosedAt = ({ traces }: PathWalk, node: string | undefined): boolean =>
  traces.every(({ verdict }) => verdict.kind === 'refused' && verdict.namespace === node)

/** Who takes it in place of the target; undefined where one of its ways does not end with a stranger. */
function takerOf({ traces, meant, places }: PathWalk): string | undefined {
  const [found, ...others] = traces.map((one) => strayOf([one], meant))
  if (!found || others.includes(undefined)) return undefined
  const { namespace, socket } = found
  return `${socket.processes[0]?.name ?? 'a program'} of ${places[namespace]?.label ?? namespace}`
}
