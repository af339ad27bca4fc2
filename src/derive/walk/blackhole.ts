import type { Blackhole } from '../../knowledge/shapes/walk.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'

/** Seen at a connection that is stuck, or worked out of the rules that were read: one of them is enough. */
export const blackholeDerivation: AnyDerivation = derivation({
  provides: 'path.blackhole',
  about: 'path',
  from: [],
  maybe: ['path.hushed', 'path.stuck'],
  waits: ['path.hushed'],
  shows: ['path.hushed', 'path.stuck'],
  make: (_, { 'path.hushed': hushed, 'path.stuck': stuck }, __, missed) => {
    if (hushed)
      return made<Blackhole | null>({ hushed }, `${hushed.at}: ${hushed.rule}`, 'path.hushed', ['path.hushed'])
    if (stuck)
      return made<Blackhole | null>(
        { stuck },
        `${stuck.peer} to port ${stuck.port}: ${stuck.waiting} bytes wait`,
        'path.stuck',
        ['path.stuck'],
      )
    if (stuck === null) return made<Blackhole | null>(null, 'no connection is stuck', 'path.stuck')
    const { why, detail } = missed['path.stuck'] ?? {}
    return notKnown(detail ?? 'whether a connection is stuck is not known', why)
  },
})
