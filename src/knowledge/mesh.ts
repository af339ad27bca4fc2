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

/**
 * The servers add a port of this label to the network of the group, for one of its proxies.
 * Source: nomad/job_endpoint_hook_connect.go, groupConnectHook.
 */
export const addsPort = ({ services, network }: GroupSpec, label: string): boolean =>
  network !== undefined &&
  services.some(({ name, port, connect }) => {
    if (connect?.sidecar) return fits(connect.sidecar.port || `connect-proxy-${name}`, label)
    if (!connect?.gateway || connect.listeners) return false
    return connect.terminating
      ? port === '' && fits(`connect-terminating-${name}`, label)
      : fits(`connect-mesh-${name}-lan`, label)
  })

/** A variable in it may become anything. */
function fits(pattern: string, label: string): boolean {
  const parts = pattern.split(/\$\{[^}]*\}/).map((part) => part.replace(/\W/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.*')}$`).test(label)
}

/**
 * A proxy of the group may listen on this port: its admin and readiness listeners, which Nomad numbers from 19000 and
 * 19100 on, and whatever the job hands on to it. Source: client/allocrunner/taskrunner/envoy_bootstrap_hook.go.
 */
export const proxyListens = ({ services }: GroupSpec, port: number): boolean =>
  proxies(services).some(
    ({ envoy }) =>
      (port >= 19_000 && port < 19_200) ||
      new RegExp(String.raw`(?<![\w.])${port}(?!\w|\.\d)`).test(JSON.stringify(envoy)),
  )
const proxies = (services: readonly ServiceSpec[]) =>
  services.flatMap(({ connect }) => (connect?.sidecar || connect?.gateway ? [connect] : []))
