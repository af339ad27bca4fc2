import { add, inner, type Edit } from './edit.ts'
import type { GroupSpec, JobSpec } from './shapes/job.ts'
import { meshed } from './upstreams.ts'

/** An upstream to the one mesh service of the job that the sidecar does not lead to yet. */
export function bound(port: number, spec: GroupSpec, job: JobSpec): readonly Edit[] | undefined {
  const [own, ...sidecars] = spec.services.filter(({ connect }) => connect?.sidecar)
  const sidecar = own?.connect?.sidecar
  const known = spec.services.flatMap(({ connect }) => connect?.sidecar?.upstreams.map((one) => one.destination) ?? [])
  const [other, ...more] = job.groups
    .filter(({ name }) => name !== spec.name)
    .flatMap(meshed)
    .filter(({ name }) => !known.includes(name))
  if (!sidecar || !other || sidecars.length + more.length > 0) return undefined
  const attrs = [
    ['destination_name', other.name],
    ['local_bind_port', port],
  ] as const
  const upstream = { type: 'upstreams', attrs }
  return [
    sidecar.upstreams.length > 0 || sidecar.transparentProxy
      ? add(inner(sidecar, 'proxy'), upstream)
      : add(sidecar, { type: 'proxy', blocks: [upstream], once: true }),
  ]
}
