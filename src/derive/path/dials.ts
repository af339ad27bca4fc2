import type { Dial, Discovery } from '../../knowledge/facts/path.ts'
import type { TaskSpec } from '../../knowledge/shapes/job.ts'
import { uncommented } from '../../embedded-text.ts'
import { templateAsks } from '../discovery/asks.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { literals, placeIn, toldIn } from './literals.ts'
import { onOwnClient } from './own-client.ts'
import { linked } from './place.ts'
import { knownTarget, servicesOf } from './target.ts'
import { templateVariables, textsOf } from './texts.ts'
import { addressWays, nameWays, wayNeeds } from './ways.ts'

type Env = Readonly<Record<string, string>>

export const dialsDerivation: AnyDerivation = derivation({
  provides: 'path.dials',
  about: 'path',
  from: ['path.discovery'],
  maybe: [...wayNeeds, 'source.alloc.env', 'source.alloc.rendered'],
  shows: ['source.alloc.env', 'source.alloc.rendered', 'source.task.spec'],
  make: ({ 'path.discovery': way }, known, thing) => {
    const { proto: _, ...place } = toldIn(thing.names.dials) ?? { host: undefined }
    const told: readonly Dial[] = place.host === undefined ? [] : [{ ...place, from: 'case' }]
    if (linked(thing, 'source.group') === 'nobody') return shown(told)
    const { 'source.task.spec': task, 'source.group.spec': group, 'target.group.spec': target } = known
    if (!task || !group) return notKnown("the source's job is not known")
    const env = known['source.alloc.env']?.[task.name]
    const files = known['source.alloc.rendered']?.[task.name]
    if (nameWay(way)) {
      const ways = nameWays(task, group, target ? servicesOf(target) : []).filter((one) => one.way === way)
      const dials = ways.flatMap(({ dial }) => (dial ? [dial] : []))
      if (way === 'mesh-upstream' || way === 'transparent-proxy' || way === 'consul-dns')
        return shown([...told, ...dials])
      const services = target ? servicesOf(target) : []
      return rendered(task, env, told, services, fromFiles(task, files, services))
    }
    if (env === undefined && reads(task)) return notKnown('the environment of the source is not known')
    const { 'every.node.allocations': allocations, 'target.alloc.record': record, 'cluster.nodes': nodes } = known
    if (target && (!allocations || !nodes)) return notKnown('the addresses of the target are not known')
    const aim = knownTarget(thing, target, allocations ?? [], record, nodes ?? [])
    if (env === undefined && textsOf(task).some((text) => onOwnClient(text, aim.ports).length > 0))
      return notKnown('the environment of the source is not known')
    const ways = addressWays(task, group, aim, env ?? {}).filter((one) => way === 'env-variable' || one.way === way)
    const close = ways.filter((one) => one.close && one.dial)
    // Another address than the one asked about, or the one that was told, is somebody else's.
    const named = thing.names.address !== undefined || told.length > 0
    const own = close.length > 0 || named ? close : ways
    const dials = own.flatMap(({ dial }) => (dial ? [dial] : []))
    const read = env && way === 'env-variable' ? fromTemplates(task, env, target ? servicesOf(target) : []) : []
    return shown([...told, ...dials, ...read])
  },
})

const nameWay = (way: Discovery): boolean =>
  ['mesh-upstream', 'transparent-proxy', 'consul-dns', 'nomad-template', 'consul-template'].includes(way)

/** Some of its addresses are written with `${...}` or as a variable, and only the running task has them. */
const reads = (task: TaskSpec): boolean =>
  Object.values(task.env).some((text) => text.includes('${')) ||
  task.templates.some(({ env, data }) => env && data.includes('{{')) ||
  textsOf(task).some(({ text }) => /NOMAD_(?:HOST_|ALLOC_)?ADDR_/.test(text))

/** What the templates of the task turned into; `read`: what stands in the files they write, where these were read. */
function rendered(
  task: TaskSpec,
  env: Env | undefined,
  told: readonly Dial[],
  services: readonly string[],
  read: readonly Dial[] | undefined,
) {
  if (templateVariables(task).length === 0) {
    if (read) return shown([...told, ...read])
    return told.length > 0 ? shown(told) : notKnown('the template writes a file that was not read')
  }
  return env === undefined
    ? notKnown('the environment of the source is not known')
    : shown([...told, ...fromTemplates(task, env, services), ...(read ?? [])])
}

/** Addresses that templates wrote into files for the target alone; undefined where none tells, or one is not known. */
function fromFiles(task: TaskSpec, files: Env | undefined, services: readonly string[]): readonly Dial[] | undefined {
  const own = task.templates
    .filter(({ env }) => !env)
    .map(({ data, destination }) => ({ data: uncommented(data), destination }))
    .map((one) => ({ ...one, asked: templateAsks({ where: one.destination, text: one.data }).map(({ name }) => name) }))
    .filter(({ asked }) => asked.some((name) => services.includes(name)))
  if (own.length === 0) return undefined
  const found: Dial[] = []
  for (const { data, destination, asked } of own) {
    const text = files?.[destination]
    // Where several services stand together, nothing tells whose an address is.
    if (text === undefined || asked.some((name) => !services.includes(name))) return undefined
    const written = literals(data)
    const places = literals(uncommented(text)).filter(
      ({ host, port }) => !written.some((one) => one.host === host && one.port === port),
    )
    found.push(...places.map((place): Dial => ({ ...place, from: `template ${destination}` })))
  }
  return found
}

/** Those of a service that is not the target's are for somebody else. */
function fromTemplates(task: TaskSpec, env: Env, services: readonly string[]): readonly Dial[] {
  const meant = templateVariables(task).filter(
    ({ service }) => service === undefined || services.length === 0 || services.includes(service),
  )
  return meant.flatMap(({ variable, destination }) => {
    const from = `${variable} of template ${destination}`
    const text = env[variable] ?? ''
    const whole = placeIn(text)
    const all = literals(text)
    return (all.length > 0 || !whole || !/[a-z]/i.test(whole.host) ? all : [whole]).map((place): Dial => ({
      ...place,
      from,
    }))
  })
}

const shown = (dials: readonly Dial[]) =>
  made(
    dials.filter(
      (one, i) =>
        dials.findIndex(({ host, port, from }) => host === one.host && port === one.port && from === one.from) === i,
    ),
    dials.map(({ host, port, from }) => `${from}: ${host}${port === undefined ? '' : `:${port}`}`).join('\n') ||
      'no address',
  )
