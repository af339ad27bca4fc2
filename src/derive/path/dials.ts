import type { Dial, Discovery } from '../../knowledge/facts/path.ts'
import type { TaskSpec } from '../../knowledge/shapes/job.ts'
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
  maybe: [...wayNeeds, 'source.alloc.env'],
  shows: ['source.alloc.env', 'source.task.spec'],
  make: ({ 'path.discovery': way }, known, thing) => {
    const { proto: _, ...place } = toldIn(thing.names.dials) ?? { host: undefined }
    const told: readonly Dial[] = place.host === undefined ? [] : [{ ...place, from: 'case' }]
    if (linked(thing, 'source.group') === 'nobody') return shown(told)
    const { 'source.task.spec': task, 'source.group.spec': group, 'target.group.spec': target } = known
    if (!task || !group) return notKnown("the source's job is not known")
    const env = known['source.alloc.env']?.[task.name]
    if (nameWay(way)) {
      const ways = nameWays(task, group, target ? servicesOf(target) : []).filter((one) => one.way === way)
      const dials = ways.flatMap(({ dial }) => (dial ? [dial] : []))
      if (way === 'mesh-upstream' || way === 'transparent-proxy' || way === 'consul-dns')
        return shown([...told, ...dials])
      return rendered(task, env, told, target ? servicesOf(target) : [])
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

/** What the templates of the task turned into, as far as they write environment variables. */
function rendered(task: TaskSpec, env: Env | undefined, told: readonly Dial[], services: readonly string[]) {
  if (templateVariables(task).length === 0)
    return told.length > 0 ? shown(told) : notKnown('the template writes a file that was not read')
  return env === undefined
    ? notKnown('the environment of the source is not known')
    : shown([...told, ...fromTemplates(task, env, services)])
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
