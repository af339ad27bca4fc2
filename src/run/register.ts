import type { Ask } from '../ask/request.ts'
import { lastChild } from '../derive/children.ts'
import { mostJobs } from '../derive/owner.ts'
import { isAddress, placeIn } from '../derive/path/literals.ts'
import { value } from '../knowledge/held.ts'
import type { Side } from '../knowledge/subject.ts'
import { allocId, clusterId, jobId } from '../knowledge/things.ts'
import { learn } from './loop.ts'
import { checkName, NameError, parseName, spellSide, type Known } from './names.ts'
import { nearest } from './nearest.ts'
import { realNames } from './real-names.ts'
import { wrongNumber } from './port.ts'
import { caseSideOf, sideOf, type NamedSide } from './subject.ts'

/** Where names are looked up; `namespace` is that of names without one, `*` any in which the name is alone. */
export interface Register {
  readonly ask: Ask
  readonly namespace: string
}

/** Reads a name and checks it against what the source knows. */
export async function nameSide(text: string, register: Register): Promise<Side | NameError> {
  const parsed = parseName(text, register.namespace)
  const named =
    parsed instanceof NameError || parsed.namespace !== '*' ? parsed : await inAnyNamespace(parsed, register)
  if (named instanceof NameError) return named
  const all = await known(named, register)
  const real = realNames(named, all)
  if (real.job === named.job) return checkName(text, real, all, register.namespace)
  const own = await known(real, register)
  return checkName(text, realNames(real, own), own, register.namespace)
}

/** The same for the caller: an address or name that a client of the cluster has is that client, and no other name tells who calls. */
export async function nameCaller(text: string, register: Register): Promise<Side | NameError> {
  const side = await nameSide(text, register)
  if (side instanceof NameError) return side
  if (side.kind === 'workload') return asLastRun(side, register)
  if (side.kind !== 'outside' || side.address === undefined) return side
  const aim = { kind: 'survey', jobs: [] } as const
  const facts = await learn([{ thing: clusterId, fact: 'cluster.nodes' }], aim, register.ask)
  const nodes = value({ things: new Map(), facts }, clusterId, 'cluster.nodes')
  const client = nodes?.find(({ address, name, id }) => [address, name, id].includes(side.address ?? ''))
  if (client) return { kind: 'node', node: client.name }
  return isAddress(placeIn(side.address)?.host ?? '')
    ? side
    : new NameError(
        `who calls from outside is told by an address, as in outside:10.0.0.9; ${side.address} is none`,
        nearest(side.address, nodes?.map(({ name }) => name) ?? []).map((node) => `node:${node}`),
      )
}

/** Nothing runs of a periodic or parameterized job itself: who calls is what it started last. */
async function asLastRun(side: Side & { readonly kind: 'workload' }, { ask }: Register): Promise<Side> {
  const facts = await learn([{ thing: clusterId, fact: 'cluster.jobs' }], { kind: 'survey', jobs: [] }, ask)
  const listed = value({ things: new Map(), facts }, clusterId, 'cluster.jobs') ?? []
  const run = lastChild({ id: side.job, namespace: side.namespace }, listed)
  return run ? { ...side, job: run.id } : side
}

/** What is wrong with a side that a case names; a case may leave the namespace of a job out. */
export async function wrongSide(side: Side | null, register: Register): Promise<NameError | undefined> {
  const named = caseSideOf(side)
  if (named === null) return undefined
  const all = await known(named, register)
  const found = checkName(spellSide(side) ?? '', named, all, register.namespace)
  const elsewhere = all.jobs?.some(({ id, namespace }) => id === named.job && namespace !== named.namespace) === true
  return found instanceof NameError && !elsewhere ? found : undefined
}

async function inAnyNamespace(named: NamedSide, { ask }: Register): Promise<NamedSide | NameError> {
  const { job, service } = named
  const fact = service === undefined ? 'cluster.jobs' : 'cluster.services'
  const world = {
    things: new Map(),
    facts: await learn([{ thing: clusterId, fact }], { kind: 'survey', jobs: [] }, ask),
  }
  const homes =
    service === undefined
      ? value(world, clusterId, 'cluster.jobs')?.filter(({ id }) => id === job)
      : value(world, clusterId, 'cluster.services')?.filter(({ name }) => name === service)
  const namespaces = [...new Set(homes?.map(({ namespace }) => namespace))].toSorted()
  const [only = 'default', ...more] = namespaces
  if (more.length === 0) return { ...named, namespace: only }
  const offers = namespaces
    .map((namespace) => spellSide(sideOf({ ...named, namespace })))
    .filter((name) => name !== null)
  return new NameError(`${service ?? job} is in ${namespaces.length} namespaces: say which`, offers)
}

/** Nobody is there to have such a list, so none is missing. */
const nobody: readonly string[] = ['offline', 'not-asked', 'not-recorded']

/** Only the lists this name is checked against are asked for. */
async function known({ namespace = 'default', job, service, node }: NamedSide, { ask }: Register): Promise<Known> {
  const jobs = job === undefined ? [] : [{ id: job, namespace }]
  const aim = { kind: 'survey', jobs } as const
  const wanted = [
    ...(job === undefined
      ? []
      : [
          { thing: clusterId, fact: 'cluster.jobs' },
          { thing: jobId(job, namespace), fact: 'job.spec' },
        ]),
    ...(job !== undefined && /^[0-9a-f-]{4,36}$/i.test(job) ? [{ thing: clusterId, fact: 'cluster.allocations' }] : []),
    ...(service === undefined
      ? []
      : [
          { thing: clusterId, fact: 'cluster.services' },
          { thing: clusterId, fact: 'cluster.consul.services' },
        ]),
    ...(node === undefined ? [] : [{ thing: clusterId, fact: 'cluster.nodes' }]),
    ...(namespace === 'default' ? [] : [{ thing: clusterId, fact: 'cluster.namespaces' }]),
  ]
  const world = { things: new Map(), facts: await learn(wanted, aim, ask) }
  const native = value(world, clusterId, 'cluster.services')
  const refused = (['cluster.services', 'cluster.consul.services'] as const).some((fact) => {
    const held = world.facts.get(clusterId)?.get(fact)
    return held?.known === false && !nobody.includes(held.why)
  })
  const consul = value(world, clusterId, 'cluster.consul.services')
  const registered =
    native?.some((one) => one.name === service && one.namespace === namespace) === true ||
    consul?.includes(service ?? '') === true
  // One whose registration is gone is exactly what somebody asks about.
  const declared = service === undefined || registered ? [] : await servicesOfJobs(namespace, ask)
  const spec = job === undefined ? undefined : value(world, jobId(job, namespace), 'job.spec')
  // What the token may not list may be there all the same.
  const own = world.facts.get(clusterId)?.get('cluster.own-jobs')
  const whole = own?.known !== false || own.why !== 'denied'
  const listed = whole ? value(world, clusterId, 'cluster.jobs') : undefined
  const nodes = value(world, clusterId, 'cluster.nodes')
  const namespaces = value(world, clusterId, 'cluster.namespaces')
  const allocations = value(world, clusterId, 'cluster.allocations')
  return {
    // A job that was refused at submit is in no list, yet a recorded parse may know it.
    ...(listed ? { jobs: spec ? [...listed, { id: spec.id, namespace: spec.namespace }] : listed } : {}),
    // What may not be read may hold the name.
    ...((native || consul) && !refused
      ? { services: [...(native ?? []), ...[...(consul ?? []), ...declared].map((name) => ({ name, namespace }))] }
      : {}),
    ...(nodes ? { nodes } : {}),
    ...(namespaces ? { namespaces } : {}),
    ...(allocations ? { allocations } : {}),
    ...(spec
      ? { groups: spec.groups.map((group) => ({ name: group.name, tasks: group.tasks.map((task) => task.name) })) }
      : {}),
  }
}

/** The names of the services that the job files of a namespace declare. */
async function servicesOfJobs(namespace: string, ask: Ask): Promise<readonly string[]> {
  const aim = { kind: 'survey', jobs: [] } as const
  const listed = await learn([{ thing: clusterId, fact: 'cluster.jobs' }], aim, ask)
  const all = value({ things: new Map(), facts: listed }, clusterId, 'cluster.jobs') ?? []
  const jobs = all.filter((one) => one.namespace === namespace).slice(0, mostJobs)
  const things = jobs.map(({ id }) => jobId(id, namespace))
  const wanted = things.map((thing) => ({ thing, fact: 'job.spec' as const }))
  const facts = await learn(wanted, { kind: 'survey', jobs: jobs.map(({ id }) => ({ id, namespace })) }, ask, listed)
  return things.flatMap((thing) =>
    (value({ things: new Map(), facts }, thing, 'job.spec')?.groups ?? []).flatMap((group) =>
      [...group.services, ...group.tasks.flatMap((task) => task.services)].map(({ name }) => name),
    ),
  )
}

/**
 * A port that the target does not have. A number is one of it where the job or an allocation says so, and where a text of
 * its tasks names it: a program may listen without a label. A target without labels may listen on any.
 */
export async function wrongPort(port: string, to: Side | null, ask: Ask): Promise<NameError | undefined> {
  const wrong = wrongNumber(port)
  if (wrong !== undefined) return new NameError(wrong)
  if (to?.kind === 'node' && !/^\d+$/.test(port)) return new NameError('a client has no port labels: give the number')
  if (to?.kind !== 'workload') return undefined
  const { job: id, namespace, group: name } = to
  const thing = jobId(id, namespace)
  const numeric = /^\d+$/.test(port)
  const wanted = [{ thing, fact: 'job.spec' }, ...(numeric ? [{ thing, fact: 'job.allocations' }] : [])]
  const aim = { kind: 'survey', jobs: [{ id, namespace }] } as const
  const world = { things: new Map(), facts: await learn(wanted, aim, ask) }
  const spec = value(world, thing, 'job.spec')
  const groups = spec?.groups.filter((group) => name === undefined || group.name === name) ?? []
  const given = value(world, thing, 'job.allocations')
  if (groups.length === 0) return undefined
  const declared = groups.flatMap(({ network, tasks }) => [
    ...(network?.ports ?? []),
    ...tasks.flatMap((task) => task.networks.flatMap(({ ports }) => ports)),
  ])
  const services = groups.flatMap((group) => [...group.services, ...group.tasks.flatMap((task) => task.services)])
  const labels = [...declared.map(({ label }) => label), ...services.map((service) => service.port)]
  const offers = [...new Set(labels)].filter((label) => label !== '')
  if (offers.includes(port)) return undefined
  if (!numeric) return new NameError(`${id} declares no such port`, offers)
  const listed = given?.filter(
    (one) => one.clientStatus === 'running' && groups.some(({ name: own }) => own === one.group),
  )
  const allocs = (listed ?? []).map(({ id: alloc }) => ({ thing: allocId(alloc), fact: 'alloc.record' as const }))
  const facts = await learn(allocs, aim, ask, world.facts)
  const records = allocs.map((one) => value({ things: new Map(), facts }, one.thing, one.fact))
  const mapped = records.flatMap((one) => one?.ports ?? [])
  const numbers = [
    ...declared.flatMap((one) => [one.static, one.to]),
    ...mapped.flatMap(({ hostPort, to: inside }) => [hostPort, inside]),
  ]
  const texts = JSON.stringify(
    groups.flatMap(({ tasks }) => tasks.map(({ config, env, templates }) => [config, env, templates])),
  )
  // A dynamic port is known by its allocation alone.
  if (
    !listed ||
    records.includes(undefined) ||
    declared.length === 0 ||
    numbers.includes(Number(port)) ||
    namesNumber(texts, port)
  )
    return undefined
  const known = [...new Set(numbers)].filter((one) => one !== undefined && one > 0).map(String)
  return new NameError(
    `${id} has no port ${port}, and none of its texts names it; its ports are ${known.join(', ')}`,
    offers,
  )
}

const namesNumber = (texts: string, number: string): boolean => new RegExp(`(?<![\\d.])${number}(?![\\d.])`).test(texts)
