/** On which number a sidecar looks for its application. Source: consul agent/sidecar_service.go. */
import { isLoopback } from './discovery.ts'
import { add, edits, inner, set, type Edit } from './edit.ts'
import type { GroupSpec, ServiceSpec } from './shapes/job.ts'

/** Where a sidecar looks for its application. */
export const localOf = (own: ServiceSpec): string => own.connect?.sidecar?.localServiceAddress ?? '127.0.0.1'

/** A sidecar whose service has the label of a port with another number inside. */
export const labelled = ({ services, network }: GroupSpec) =>
  services
    .filter(
      (own) =>
        own.connect?.sidecar &&
        own.connect.sidecar.localServicePort === undefined &&
        // The client's own address leads through the mapped port.
        isLoopback(localOf(own)) &&
        ['', 'auto', 'host'].includes(own.addressMode),
    )
    .map((own) => ({ own, port: network?.ports.find(({ label }) => label === own.port) }))
    .find(
      ({ own, port }) =>
        port?.to !== undefined &&
        port.to > 0 &&
        port.to !== port.static &&
        // Nomad refuses an exposed check on a dynamic port: another fault.
        !(port.static === undefined && own.checks.some(({ expose }) => expose)),
    )

/** The sidecar is told the number inside, and whoever comes by the host port comes as before. */
export function told({ connect, name }: ServiceSpec, number: number | undefined) {
  const sidecar = connect?.sidecar
  const port = ['local_service_port', number ?? 0] as const
  const kept = sidecar && (sidecar.upstreams.length > 0 || sidecar.transparentProxy || sidecar.expose)
  const edit = (to: object): Edit =>
    kept ? set(inner(to, 'proxy'), ...port) : add(to, { type: 'proxy', attrs: [port], once: true })
  return {
    do: `Add local_service_port = ${number ?? '<port>'} to the proxy block in the sidecar_service of service ${name}`,
    risk: 'The sidecar restarts',
    ...edits(
      sidecar && number !== undefined ? [edit(sidecar)] : undefined,
      'the job does not say on which number the application listens',
    ),
  }
}
