/** Which block of the API's job each part of a `JobSpec` was read from: both have their lists in the same order. */
import type { GroupSpec, JobSpec, NetworkSpec, ServiceSpec, TaskSpec } from '../knowledge/shapes/job.ts'

type Json = Readonly<Record<string, unknown>>
export type Pair = readonly [part: object, from: Json]

export function pairs(job: JobSpec, from: Json): readonly Pair[] {
  return [
    [job, from],
    ...together(job.constraints, from['Constraints']),
    ...each(job.groups, from['TaskGroups'], group),
  ]
}

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : [])
const json = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})
const each = <T>(parts: readonly T[], from: unknown, pair: (part: T, from: Json) => readonly Pair[]): readonly Pair[] =>
  parts.flatMap((part, i) => {
    const source = list(from)[i]
    return source ? pair(part, source) : []
  })
const together = (parts: readonly object[], from: unknown): readonly Pair[] =>
  each(parts, from, (part, one) => [[part, one]])

const group = (spec: GroupSpec, from: Json): readonly Pair[] => [
  [spec, from],
  ...together(spec.constraints, from['Constraints']),
  ...(spec.network ? network(spec.network, json(list(from['Networks'])[0])) : []),
  ...each(spec.moreNetworks ?? [], list(from['Networks']).slice(1), network),
  ...each(spec.services, from['Services'], service),
  ...each(spec.tasks, from['Tasks'], task),
]

const network = (spec: NetworkSpec, from: Json): readonly Pair[] => [
  [spec, from],
  ...(spec.dns ? [[spec.dns, json(from['DNS'])] as const] : []),
  ...together(spec.ports, [...list(from['ReservedPorts']), ...list(from['DynamicPorts'])]),
]

function service(spec: ServiceSpec, from: Json): readonly Pair[] {
  const connect = json(from['Connect'])
  const sidecar = json(connect['SidecarService'])
  const proxy = json(sidecar['Proxy'])
  return [
    [spec, from],
    ...together(spec.checks, from['Checks']),
    ...(spec.connect ? [[spec.connect, connect] as const] : []),
    ...(spec.connect?.sidecar ? [[spec.connect.sidecar, sidecar] as const] : []),
    ...together(spec.connect?.sidecar?.upstreams ?? [], proxy['Upstreams']),
    ...together(spec.connect?.sidecar?.expose ?? [], json(proxy['Expose'] ?? proxy['ExposeConfig'])['Paths']),
    ...(spec.connect?.sidecar?.redirect
      ? [[spec.connect.sidecar.redirect, json(proxy['TransparentProxy'])] as const]
      : []),
    ...together(spec.connect?.listeners ?? [], json(json(connect['Gateway'])['Ingress'])['Listeners']),
  ]
}

/** A driver's config is taken as it is, blocks within blocks. */
const config = (part: unknown): readonly Pair[] => {
  if (Array.isArray(part)) return part.flatMap(config)
  if (typeof part !== 'object' || part === null) return []
  return [[part, part as Json], ...Object.values(part).flatMap(config)]
}

const task = (spec: TaskSpec, from: Json): readonly Pair[] => [
  [spec, from],
  ...config(spec.config),
  [spec.env, json(from['Env'])],
  ...together(spec.templates, from['Templates']),
  ...(spec.lifecycle ? [[spec.lifecycle, json(from['Lifecycle'])] as const] : []),
  ...each(spec.services, from['Services'], service),
  ...each(spec.networks, json(from['Resources'])['Networks'], network),
]
