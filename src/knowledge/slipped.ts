import { servicesOf } from './discovery.ts'
import type { Ask } from './shapes/discovery.ts'
import { slip } from './slip.ts'
import type { GroupSpec, JobSpec } from './shapes/job.ts'

/** A name that is a slip of the pen away from one that another group of this job registers, and that nobody else asks for. */
export function slipped(asks: readonly Ask[], own: GroupSpec, { groups }: JobSpec) {
  const all = groups.flatMap(servicesOf).map(({ name }) => name)
  const near = groups
    .filter(({ name }) => name !== own.name)
    .flatMap(servicesOf)
    .map(({ name }) => name)
  for (const ask of asks) {
    if ((ask.via !== 'nomad-template' && ask.via !== 'consul-template') || all.includes(ask.name)) continue
    const meant = near.find((name) => slip(ask.name, name))
    if (meant !== undefined && !asks.some(({ name }) => name === meant)) return { ask, meant }
  }
  return undefined
}
