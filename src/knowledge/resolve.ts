import type { Held, Seen, Why, World } from './fact.ts'
import type { Need } from './facts.ts'
import type { Because } from './report.ts'
import type { Kind, Role, Thing } from './things.ts'

/** What became of one need: a value; not known, because; or nobody to ask (the target has no allocation). */
export type Resolved =
  | { readonly state: 'known'; readonly value: unknown; readonly seen: readonly Seen[] }
  | {
      readonly state: 'unknown'
      readonly fact: string
      readonly why: Why
      readonly detail?: string
      readonly at: readonly Spot[]
    }
  | { readonly state: 'nobody'; readonly role: string }

/** A missing fact, as a report names it. */
export const becauseOf = ({ fact, why, detail }: Resolved & { state: 'unknown' }): Because =>
  detail === undefined ? { fact, why } : { fact, why, detail }

/** A fact of a thing that is not known: where a probe could help. */
export interface Spot {
  readonly thing: string
  readonly fact: string
}

/** A need, taken apart. */
export interface Parts {
  readonly every: boolean
  readonly role: Role
  readonly kind: Kind
  readonly fact: string
}

/** `target.node.cni.plugins` is the fact `node.cni.plugins` of the thing in role `target.node`. */
export function parts(need: Need): Parts {
  const known = read.get(need)
  if (known) return known
  const made = partsOf(need)
  read.set(need, made)
  return made
}
/** Needs are few and read again and again. */
const read = new Map<Need, Parts>()

function partsOf(need: Need): Parts {
  const [head, ...rest] = need.split('.') as [string, ...string[]]
  const sided = head === 'source' || head === 'target' || head === 'every'
  const fact = sided ? rest.join('.') : need
  const kind = fact.split('.')[0] as Kind
  return { every: head === 'every', role: sided && head !== 'every' ? (`${head}.${kind}` as Role) : kind, kind, fact }
}

function missing(
  fact: string,
  thing: string,
  held: Held<unknown> | undefined,
  unseen?: Thing['unseen'],
): Resolved & { state: 'unknown' } {
  const { why, detail } = held && !held.known ? held : (unseen ?? { why: 'not-asked' as const, detail: undefined })
  const at = [{ thing, fact }]
  return detail === undefined ? { state: 'unknown', fact, why, at } : { state: 'unknown', fact, why, detail, at }
}

/** Looks one need up for one thing. Pure; the only reader of facts. */
export function resolve(world: World, thing: Thing, need: Need): Resolved {
  const { every, role, kind, fact } = parts(need)
  if (every) return resolveEvery(world, thing, kind, fact)
  const id = role === thing.kind ? thing.id : thing.links[role]
  if (id === null)
    return openCaller(thing, role) ? { state: 'unknown', fact, ...notNamed, at: [] } : { state: 'nobody', role }
  if (id === undefined) return missing(fact, thing.id, undefined, thing.unseen)
  const held = world.facts.get(id)?.get(fact)
  return held?.known ? { state: 'known', value: held.value, seen: [held.seen] } : missing(fact, id, held, thing.unseen)
}

/** A caller whom nobody named is not one that is not there. */
const openCaller = ({ kind, names }: Thing, role: Role): boolean =>
  kind === 'path' && names.caller === undefined && role.startsWith('source.')
export const notNamed = { why: 'not-named', detail: 'nobody is named as the source' } as const

function resolveEvery(world: World, thing: Thing, kind: Kind, fact: string): Resolved {
  const ids = thing.many[kind]
  if (ids === undefined) return missing(fact, thing.id, undefined)
  const members: { about: string; id: string; value: unknown }[] = []
  const seen: Seen[] = []
  const unknown: (Resolved & { state: 'unknown' })[] = []
  for (const id of ids) {
    const held = world.facts.get(id)?.get(fact)
    if (!held?.known) unknown.push(missing(fact, id, held))
    else {
      members.push({ about: world.things.get(id)?.about ?? id, id, value: held.value })
      if (!seen.some((one) => one.ask === held.seen.ask && one.excerpt === held.seen.excerpt)) seen.push(held.seen)
    }
  }
  const [first] = unknown
  if (first) return { ...first, at: unknown.flatMap(({ at }) => at) }
  return { state: 'known', value: members, seen }
}
