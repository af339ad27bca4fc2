/** Small readings of a group's part in the service mesh. Pure. */
import type { GroupSpec, ServiceSpec } from './shapes/job.ts'

export const meshOf = ({ services }: GroupSpec): 'none' | 'sidecar' | 'transparent-proxy' | 'gateway' | 'native' => {
  const connects = services.flatMap(({ connect }) => (connect ? [connect] : []))
  if (connects.some(({ sidecar }) => sidecar?.transparentProxy)) return 'transparent-proxy'
  if (connects.some(({ sidecar }) => sidecar !== undefined)) return 'sidecar'
  if (connects.some(({ gateway }) => gateway)) return 'gateway'
  return connects.some(({ native }) => native) ? 'native' : 'none'
}

/** Services of the group with a sidecar. */
export const withSidecar = ({ services }: GroupSpec): readonly ServiceSpec[] =>
  services.filter(({ connect }) => connect?.sidecar !== undefined)

/** The port inside the namespace that a port block stands for; undefined where only the scheduler knows it. */
export function insidePort({ network }: GroupSpec, label: string): number | undefined {
  const port = network?.ports.find((one) => one.label === label)
  if (!port) return undefined
  return port.to !== undefined && port.to > 0 ? port.to : port.static
}

export const numeric = (port: string): boolean => /^\d+$/.test(port)

/** The services of an application: not what Nomad adds for the mesh. */
export const applications = ({ tasks }: GroupSpec) => tasks.filter(({ name }) => !name.startsWith('connect-'))
