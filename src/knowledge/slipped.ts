import { registering, servicesOf } from './discovery.ts'
import type { Ask } from './shapes/discovery.ts'
import { others } from './said.ts'
import { slip } from './slip.ts'
import type { GroupSpec, JobSpec } from './shapes/job.ts'

/**
 * A name that is a slip of the pen away from one that another group of this job registers, and that nobody else asks for.
 * `elsewhere`: names that other files give to something.
 */
export function slipped(asks: readonly Ask[], own: GroupSpec, job: JobSpec, elsewhere: readonly string[]) {
  for (const ask of asks) {
    if (ask.via !== 'nomad-template' && ask.via !== 'consul-template') continue
    if (registering(job, ask.name).length > 0 || elsewhere.includes(ask.name)) continue
    const near = others(job, own).flatMap(servicesOf)
    const meant = near.find(({ name }) => slip(ask.name, name))?.name
    if (meant !== undefined && !asks.some(({ name }) => name === meant)) return { ask, meant }
  }
  return null
}
