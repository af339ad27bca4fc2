import type { Thing } from '../../knowledge/things.ts'
import { derivation, made, notKnown, notNamed, type AnyDerivation } from '../derivation.ts'

/** A side's link: a thing, `nobody` where there is none by nature, `unsure` where the facts do not tell yet. */
export function linked(thing: Thing, role: keyof Thing['links']): { id: string } | 'nobody' | 'unsure' {
  const id = thing.links[role]
  return id === null ? 'nobody' : id === undefined ? 'unsure' : { id }
}

export const placeDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'path.modes',
    about: 'path',
    from: [],
    maybe: ['target.group.network.mode', 'source.group.network.mode'],
    make: (_, { 'target.group.network.mode': target, 'source.group.network.mode': source }, thing) => {
      if (linked(thing, 'target.group') === 'nobody') return made('outside', 'the target is no group of a job')
      if (target === undefined) return notKnown("the target's network mode is not known")
      if (target === 'other') return notKnown("the target's network mode is none that Nomad knows")
      const caller = linked(thing, 'source.group')
      if (caller === 'nobody') return made(target, `target: ${target}`)
      if (source === undefined) return notKnown("the source's network mode is not known")
      return made(source === target ? target : 'mixed', `source: ${source}, target: ${target}`)
    },
  }),
  derivation({
    provides: 'path.place',
    about: 'path',
    from: [],
    maybe: ['target.group.current', 'source.group.current'],
    make: (_, __, thing) => {
      const [source, target] = [linked(thing, 'source.node'), linked(thing, 'target.node')]
      const own = [linked(thing, 'source.alloc'), linked(thing, 'target.alloc')]
      if (thing.names.caller === undefined) return notNamed
      if (source === 'nobody' && linked(thing, 'source.group') === 'nobody')
        return made('outside', 'the source is no allocation and no client')
      if (target === 'nobody' && linked(thing, 'target.group') === 'nobody')
        return made('outside', 'the target is no allocation and no client')
      if (source === 'unsure' || target === 'unsure') return notKnown('the clients of both sides are not known')
      if (target === 'nobody') return notKnown('the target runs nowhere')
      if (source === 'nobody') return notKnown('the source runs nowhere')
      const said = (place: string) => `source on ${source.id}, target on ${target.id}: ${place}`
      if (typeof own[0] === 'object' && typeof own[1] === 'object' && own[0].id === own[1].id) {
        const task = thing.links['source.task']
        const same = typeof task === 'string' && task === thing.links['target.task']
        return same ? made('same-task', said('the same task')) : made('same-alloc', said('the same allocation'))
      }
      return source.id === target.id
        ? made('same-client', said('the same client'))
        : made('other-client', said('two clients'))
    },
  }),
]
