import { interpolated, servicesOf } from '../../knowledge/discovery.ts'
import type { Asked } from '../../knowledge/shapes/discovery.ts'
import type { GroupSpec } from '../../knowledge/shapes/job.ts'
import { slip } from '../../knowledge/slip.ts'
import type { Way } from './ways.ts'

/** Whom a name means that is not one of the target's own: the target all the same, somebody else, or nobody who is registered. */
export type About = 'target' | 'another' | 'nobody'

interface Known {
  readonly 'path.asked.nomad'?: readonly Asked[]
  readonly 'path.asked.consul'?: readonly Asked[]
}

/** A name with somebody behind it is his; undefined where the catalogue is not known. */
export function concerns({ way, name = '' }: Way, target: GroupSpec, known: Known): About | undefined {
  const own = servicesOf(target).map((service) => service.name)
  if (own.some((service) => interpolated(service) && pattern(service).test(name))) return 'target'
  const catalogue = known[way === 'nomad-template' ? 'path.asked.nomad' : 'path.asked.consul']
  if (!catalogue) return undefined
  const taken = catalogue.some(
    ({ ask, here, elsewhere }) => spellings(ask.name).includes(name) && (here || elsewhere.length > 0),
  )
  if (taken) return 'another'
  return own.some((service) => service.includes(name) || name.includes(service) || slip(name, service))
    ? 'target'
    : 'nobody'
}

/** As it is, and as Nomad makes it part of a variable. */
const spellings = (name: string): readonly string[] => [name, name.replaceAll('-', '_')]

/** What a name with values of Nomad in it may become. */
const pattern = (text: string): RegExp =>
  new RegExp(
    `^${text
      .split(/\$\{[^}]*\}/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.+')}$`,
  )
