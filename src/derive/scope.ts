import type { Held, World } from '../knowledge/fact.ts'
import type { Need } from '../knowledge/facts.ts'
import { readable } from '../knowledge/hole.ts'
import { clusterId, nodeId, type Kind, type Thing } from '../knowledge/things.ts'
import { heldFact, value } from '../knowledge/held.ts'
import type { Aim } from './things.ts'

/** The facts that decide what is judged, beside those that things are made from. */
export const scopeReads = ['group.placement', 'cluster.offers'] as const satisfies readonly Need[]

/** What is judged: in a diagnosis the paths and everything they touch; in a survey everything, or what was named. */
export function scope(aim: Aim, world: World): readonly Thing[] {
  const all = [...world.things.values()]
  if (aim.kind === 'survey') {
    const nodes = aim.nodes && new Set(aim.nodes)
    const there = ({ names }: Thing) => !nodes || nodes.has(names.node ?? '') || nodes.has(names.nodeName ?? '')
    const clients = new Set(all.filter((thing) => thing.kind === 'node' && there(thing)).map(({ id }) => id))
    const named = all.filter((thing) =>
      thing.kind === 'node' || thing.kind === 'alloc'
        ? there(thing)
        : thing.kind === 'path' && nodes
          ? clients.has(thing.links['target.node'] ?? '')
          : thing.kind === 'job' || !aim.nodes || aim.jobs !== undefined || thing.kind === 'cluster',
    )
    return [...named, ...unlisted(aim, named, world)]
  }
  const ids = new Set<string>([clusterId])
  for (const path of all.filter(({ kind }) => kind === 'path')) {
    ids.add(path.id)
    for (const id of Object.values(path.links)) if (typeof id === 'string') ids.add(id)
    // The clients of a path are those of the past as well, which is not judged.
    for (const [kind, list] of Object.entries(path.many)) if (kind !== 'node') for (const id of list) ids.add(id)
  }
  const waiting = all.filter(
    ({ id, kind }) => kind === 'group' && ids.has(id) && (value(world, id, 'group.placement') ?? 'placed') !== 'placed',
  )
  for (const id of absentClients(waiting, world)) ids.add(id)
  return [...all.filter(({ id }) => ids.has(id)), ...unseen(all), ...hiddenClients(waiting, world)]
}

function hidden(about: string, held: Held<unknown> | undefined, kinds: readonly Kind[]): readonly Thing[] {
  if (!held || held.known) return []
  const unseen = { why: held.why, ...(held.detail === undefined ? {} : { detail: held.detail }) }
  return kinds.map((kind) => ({
    id: `${about} ${kind}`,
    kind,
    about,
    links: { cluster: clusterId },
    many: {},
    names: {},
    unseen,
  }))
}

/** What could not be asked may be as it was listed. */
const deniedAlone = (held: Held<unknown> | undefined): Held<unknown> | undefined =>
  held?.known === false && held.why === 'denied' ? held : undefined

/** What a survey would judge if it could be read: a list or a job that is refused hides things, and rules out nothing. */
function unlisted(aim: Aim & { kind: 'survey' }, named: readonly Thing[], world: World): readonly Thing[] {
  const inJobs = ['job', 'group', 'task', 'alloc', 'service'] as const
  const listed = heldFact(world, clusterId, 'cluster.jobs')
  // What others started stands in the list alone.
  const spawns = named.some(
    ({ id, kind }) => kind === 'job' && readable(() => value(world, id, 'job.spec')?.spawns === true, false),
  )
  const jobs =
    aim.jobs && !spawns
      ? []
      : listed?.known === true
        ? hidden('every job of your namespace', deniedAlone(heldFact(world, clusterId, 'cluster.own-jobs')), inJobs)
        : hidden('every job', listed, inJobs)
  const nodes =
    aim.jobs && !aim.nodes ? [] : hidden('every client', heldFact(world, clusterId, 'cluster.nodes'), ['node'])
  const inside = named
    .filter(({ kind }) => kind === 'job')
    .flatMap(({ id, about }) => hidden(about, heldFact(world, id, 'job.spec'), inJobs.slice(1)))
  return [...jobs, ...nodes, ...inside]
}

const ends = ['node', 'job', 'group', 'task', 'alloc', 'service'] as const

/** What a path touches for all we know, without our knowing it: nothing about it is ruled out. */
function unseen(all: readonly Thing[]): readonly Thing[] {
  const ids = new Set(all.map(({ id }) => id))
  const sides = all
    .filter(({ kind }) => kind === 'path')
    .flatMap(({ about, links }) => (['source', 'target'] as const).map((side) => ({ about, links, side })))
  const found = sides.flatMap(({ about, links, side }) => {
    const own = Object.fromEntries(ends.map((kind) => [kind, links[`${side}.${kind}`]] as const))
    const known = Object.fromEntries(Object.entries(own).filter(([, id]) => id !== undefined))
    return ends
      .filter((kind) => own[kind] === undefined || (own[kind] !== null && !ids.has(own[kind])))
      .map((kind): Thing => {
        const id = own[kind] ?? `${about} ${side} ${kind}`
        return { id, kind, about, links: { ...known, cluster: clusterId }, many: {}, names: {} }
      })
  })
  return [...new Map(found.map((thing) => [thing.id, thing])).values()]
}

/** Clients a group that is not placed was meant for, and that take no work because they are not there. */
function absentClients(waiting: readonly Thing[], world: World): readonly string[] {
  const offers = value(world, clusterId, 'cluster.offers') ?? []
  const away = new Set(offers.filter(({ status }) => status !== 'ready').map(({ id }) => nodeId(id)))
  return waiting.flatMap(({ many }) => many.node ?? []).filter((id) => away.has(id))
}

/** Where the list of clients is refused, any of them may be what a group waits for. */
const hiddenClients = (waiting: readonly Thing[], world: World): readonly Thing[] =>
  waiting.length > 0 ? hidden('every client', heldFact(world, clusterId, 'cluster.offers'), ['node']) : []
