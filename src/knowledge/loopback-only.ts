/** Where a task is told to listen on loopback, and the same place on all addresses. */
import { announced } from './announced.ts'
import type { Edit } from './edit.ts'
import { resaid } from './edit-said.ts'
import { heardAt, loops } from './said.ts'
import type { GroupSpec, ServiceSpec } from './shapes/job.ts'
import type { ListeningPort, Namespace } from './shapes/port.ts'
import type { DeclaredPort, Said } from './shapes/said.ts'
import { bracketed } from './words.ts'

/** The same place on all addresses. */
export const opened = (said: Said, written: string): readonly Edit[] | undefined =>
  resaid(said, written, written.replace(bracketed(said.host), '0.0.0.0'))

/** Where it is told to be on loopback: behind its port block, or, where nothing says so, at that number. */
export function lockedAt(
  { label, inside }: Pick<ListeningPort, 'label' | 'inside'>,
  ports: readonly DeclaredPort[],
  listens: readonly Said[],
) {
  const declared = ports.find((port) => port.label === label)
  const told = declared ? heardAt(declared, listens).filter(({ host }) => loops(host)) : []
  if (told.length > 0) return told
  return listens.flatMap((said) =>
    said.port === inside && loops(said.host) ? [{ ...said, written: `${bracketed(said.host)}:${inside}` }] : [],
  )
}

/** As an address and a port, or the variable for it. */
export const place = ({ host, port, label }: Said): string => `${bracketed(host)}:${port ?? `\${NOMAD_PORT_${label}}`}`

/** Only the sidecar of a service in the mesh has to do with the port: it dials loopback from inside. */
function sidecarsOnly(services: readonly ServiceSpec[], label: string, inside: number | undefined): boolean {
  const meshed = services.some(
    ({ port, connect }) =>
      connect !== undefined &&
      (port === label || (inside !== undefined && [Number(port), connect.sidecar?.localServicePort].includes(inside))),
  )
  return meshed && !services.some(({ port, connect }) => connect === undefined && port === label)
}

/** All places for the port are on loopback, in a namespace that others reach by address only, or for a service on the client. */
export function locked(
  ports: readonly DeclaredPort[],
  listens: readonly Said[],
  spec: GroupSpec,
  namespaces: Readonly<Record<string, Namespace>>,
) {
  for (const port of ports) {
    const places = heardAt(port, listens)
    const onClient = places.every(({ task }) => namespaces[task] === 'host')
    if (port.mapper === 'nobody' && !(onClient && announced(spec, port))) continue
    const [at] = places
    if (at && sidecarsOnly(spec.services, port.label, at.port)) continue
    const apart = places.every(({ task }) => ['group', 'container'].includes(namespaces[task] ?? ''))
    if (at && (apart || onClient) && places.every(({ host }) => loops(host))) return { port, at }
  }
  return undefined
}
