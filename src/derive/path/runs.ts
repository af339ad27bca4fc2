import type { AllocRecord } from '../../knowledge/shapes/runtime.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { linked } from './place.ts'

/** Whoever asks only why it does not start is answered once all of it runs; a named caller asks for more. */
export const runsDerivation: AnyDerivation = derivation({
  provides: 'path.runs',
  about: 'path',
  from: [],
  maybe: ['target.group.placement', 'target.group.current'],
  shows: 'target.group.current',
  make: (_, { 'target.group.placement': placement, 'target.group.current': records }, thing) => {
    if (linked(thing, 'target.group') === 'nobody') return made('no', 'the target is no group of a job')
    if (!placement || !records) return notKnown('the allocations of the target are not known')
    const said = records.map(({ id, clientStatus, nodeName }) => `${id.slice(0, 8)} ${clientStatus} on ${nodeName}`)
    const runs = placement === 'placed' && records.length > 0 && records.every(isUp)
    const called = runs && thing.names.caller !== undefined
    return made(called ? 'called' : runs ? 'yes' : 'no', said.join('\n') || 'no allocation')
  },
})

/** Every task runs and never had to be started again, or has ended as it should. */
const isUp = ({ clientStatus, desiredStatus, deployment, tasks }: AllocRecord): boolean =>
  clientStatus === 'running' &&
  desiredStatus === 'run' &&
  deployment?.healthy !== false &&
  tasks.length > 0 &&
  tasks.every(({ state, failed, restarts }) => state !== 'pending' && !failed && restarts === 0)
