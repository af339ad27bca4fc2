import type { Dial } from '../../knowledge/facts/path.ts'
import type { Lookup } from '../../knowledge/shapes/discovery.ts'
import type { AllocPort, AllocRecord } from '../../knowledge/shapes/runtime.ts'
import type { Member } from '../../knowledge/facts.ts'
import { allocId, groupId, type Thing } from '../../knowledge/things.ts'
import { familyOf, isLoopback } from '../../packet/ipaddr.ts'
import { literals, placeIn, toldIn } from '../path/literals.ts'

/** An address and a port, and where they come from. */
export interface Called {
  readonly host: string
  readonly port: number
  readonly from: string
  /** Where the caller is told which; otherwise the one that is served. */
  readonly proto?: 'tcp' | 'udp'
}

interface Known {
  readonly 'path.dials'?: readonly Dial[]
  readonly 'path.registered'?: readonly { readonly address: string; readonly port: number }[]
  readonly 'path.port'?: { readonly number: number | null; readonly mapped: AllocPort | null }
  readonly 'path.lookups.task'?: readonly Lookup[]
  readonly 'every.node.allocations'?: readonly Member<readonly AllocRecord[]>[]
  readonly 'target.node.addresses'?: readonly string[]
}

/** Every address the source may use for the target: those it dials, the registered ones, the host port. */
export function addressesOf({ names, links }: Thing, known: Known): readonly Called[] {
  const { 'path.dials': dials = [], 'path.registered': registered = [], 'path.port': port } = known
  const mapped = port?.mapped
  const client = isClient({ links })
  const asked = mapped?.hostPort ?? port?.number ?? (client ? Number(names.port) : undefined)
  const outside = links['target.alloc'] === null && names.address !== undefined ? placeOf(names.address) : undefined
  const told = toldIn(names.dials)
  const own = client && !told?.host ? (known['target.node.addresses'] ?? []) : []
  const written = [
    ...(told ? [{ host: told.host, port: told.port ?? asked, from: 'case' }] : []),
    ...dials.map(({ host, port: number, from }) => ({ host, port: number ?? asked, from })),
    ...(outside
      ? [{ host: outside.host, port: outside.port ?? Number(names.port), from: 'the address asked about' }]
      : []),
    ...registered.map(({ address, port: number }) => ({ host: address, port: number, from: 'registered address' })),
    ...own
      .filter((host) => !isLoopback(host))
      .map((host) => ({ host, port: told?.port ?? asked, from: 'address of the client' })),
    ...(mapped ? [{ host: mapped.hostIp, port: mapped.hostPort, from: `host port ${mapped.label}` }] : []),
  ]
  const all = written.flatMap(({ host, port: number, from }) =>
    number === undefined || !Number.isInteger(number)
      ? []
      : numeric(host || (mapped?.hostIp ?? ''), known['path.lookups.task']).map((one) => ({
          host: one,
          port: number,
          from,
          ...(told?.proto ? { proto: told.proto } : {}),
        })),
  )
  const others = takenByOthers(links, known['every.node.allocations'] ?? [])
  // Of several ports the one that the person names is meant, whatever else the source calls or a service registers.
  const isMeant = ({ port: number }: Called): boolean => names.port !== undefined && number === asked
  const ordered = told ? all : [...all.filter(isMeant), ...all.filter((one) => !isMeant(one))]
  return ordered.filter(
    (one, i) =>
      !others.has(placeOfPort(one.host, one.port)) &&
      ordered.findIndex(({ host, port: number }) => host === one.host && number === one.port) === i,
  )
}

/** A client of Nomad is the target, and no allocation on it. */
export const isClient = ({ links }: Pick<Thing, 'links'>): boolean =>
  typeof links['target.node'] === 'string' && links['target.alloc'] === null && links['target.group'] === null

/** No further address can come to light. */
export const isEveryAddressKnown = (thing: Thing, known: Known): boolean =>
  isClient(thing) ? known['target.node.addresses'] !== undefined : isEveryOfGroup(known)

const isEveryOfGroup = (known: Known): boolean =>
  known['path.registered'] !== undefined &&
  known['path.port'] !== undefined &&
  known['every.node.allocations'] !== undefined &&
  known['path.dials'] !== undefined &&
  known['path.dials'].every(({ host }) => host === '' || numeric(host, known['path.lookups.task']).length > 0)

const placeOfPort = (host: string, port: number): string => `${host} ${port}`

/** Host ports of the target's other running allocations: the way there is theirs, and is followed with them. */
function takenByOthers(
  { 'target.group': group, 'target.alloc': alloc }: Thing['links'],
  perClient: readonly Member<readonly AllocRecord[]>[],
): ReadonlySet<string> {
  const running = perClient
    .flatMap(({ value }) => value)
    .filter((one) => one.clientStatus === 'running' && groupId(one.job, one.group, one.namespace) === group)
  return new Set(
    running
      .filter(({ id }) => allocId(id) !== alloc)
      .flatMap(({ ports }) => ports.map(({ hostIp, hostPort }) => placeOfPort(hostIp, hostPort))),
  )
}

const placeOf = (text: string): { host: string; port?: number } | undefined => literals(text)[0] ?? placeIn(text)

/** The addresses behind a host as it is written; none where nobody told. */
function numeric(host: string, lookups: readonly Lookup[] | undefined): readonly string[] {
  if (host === 'localhost') return ['127.0.0.1']
  if (familyOf(host) !== undefined) return [host]
  return lookups?.find(({ name }) => name === host)?.addresses ?? []
}
