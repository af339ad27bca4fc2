/** What a file says of upstreams, and what is missing. Pure. */
import { registering, servicesOf } from './discovery.ts'
import { answers, loops } from './said.ts'
import { slip } from './slip.ts'
import { hasWord } from './variable-names.ts'
import type { GroupSpec, JobSpec } from './shapes/job.ts'
import type { Called, Said } from './shapes/said.ts'

export const meshed = (spec: GroupSpec) =>
  servicesOf(spec).filter(({ connect }) => connect?.sidecar !== undefined || connect?.native)

/** It asks its own side, or says where somebody listens: `HEALTH_URL`, `BIND_ADDR`. */
const ofItself = new Set(
  'health healthz healthcheck self own metrics admin listen listener listeners bind envoy scrape targets'.split(' '),
)

/** A loopback port that nothing of the group is known to have; the task itself would be its only server. */
export const unbound = (calls: readonly Called[], listens: readonly Said[], spec: GroupSpec) => {
  const sidecar = spec.services.find(({ connect }) => connect?.sidecar && !connect.sidecar.transparentProxy)
  const [only, ...more] = spec.tasks
  if (!sidecar || !only || more.length > 0) return undefined
  return calls.find(
    ({ host, port, text }) =>
      loops(host) &&
      !answers(spec, port, listens, only.name) &&
      !hasWord(text, ofItself) &&
      ![8500, 8501, 8502, 4646, 8200].includes(port),
  )
}
/** An upstream whose name is a slip of the pen away from a mesh service of this job that no upstream names. */
export function misnamed(spec: GroupSpec, job: JobSpec) {
  const strange = upstreamsOf(spec).filter(({ destination }) => registering(job, destination).length === 0)
  if (strange.length === 0) return undefined
  const destinations = new Set(job.groups.flatMap(upstreamsOf).map(({ destination }) => destination))
  const free = job.groups.flatMap(meshed).filter(({ name }) => !destinations.has(name))
  return strange
    .map((upstream) => ({ upstream, meant: free.find(({ name }) => slip(upstream.destination, name))?.name }))
    .find(({ meant }) => meant !== undefined)
}
const upstreamsOf = ({ services }: GroupSpec) => services.flatMap(({ connect }) => connect?.sidecar?.upstreams ?? [])
