import type { Held, Seen, Why, World } from '../../src/knowledge/fact.ts'
import type { Fault } from '../../src/knowledge/fault.ts'
import type { Need } from '../../src/knowledge/facts.ts'
import type { Kind, Thing } from '../../src/knowledge/things.ts'

/** Where a made-up fact was seen: one request for each fact. */
export const seenAs = (fact: string): Seen => ({
  by: 'test',
  ask: `ask ${fact}`,
  request: `GET /${fact}`,
  excerpt: `${fact} …`,
  at: '2026-11-21T00:00:00.000Z',
})
export const known = (fact: string, value: unknown): Held<unknown> => ({ known: true, value, seen: seenAs(fact) })
export const missing = (why: Why, detail?: string): Held<unknown> => ({
  known: false,
  why,
  ...(detail === undefined ? {} : { detail }),
})

interface Made {
  readonly kind: Kind
  readonly about?: string
  readonly names?: Thing['names']
  readonly links?: Thing['links']
  readonly many?: Thing['many']
  /** Values by fact; a held value stays as it is. */
  readonly facts?: Readonly<Record<string, unknown>>
}

const isHeld = (value: unknown): value is Held<unknown> =>
  typeof value === 'object' && value !== null && 'known' in value

/** A small world from things by id. */
export function worldOf(made: Readonly<Record<string, Made>>): World {
  return {
    things: new Map(Object.entries(made).map(([id, one]) => [id, thing(id, one)])),
    facts: new Map(
      Object.entries(made).map(([id, { facts = {} }]) => [
        id,
        new Map(
          Object.entries(facts).map(([fact, value]) => [fact, isHeld(value) ? value : known(fact, value)] as const),
        ),
      ]),
    ),
  }
}
const thing = (id: string, { kind, about = `${kind}:${id}`, names = {}, links = {}, many = {} }: Made): Thing => ({
  id,
  kind,
  about,
  links,
  many,
  names,
})

export function thingIn(world: World, id: string): Thing {
  const found = world.things.get(id)
  if (!found) throw new Error(`no thing ${id}`)
  return found
}

/** A fault about a node that needs its routes, unless said otherwise. */
export const faultOf = (spec: Partial<Fault> = {}): Fault => ({
  id: 'made-up',
  about: 'node',
  title: 'Something is wrong',
  layer: 'node',
  severity: 'breaks',
  heard: [],
  needs: ['node.routes'] satisfies Need[],
  holds: () => 'it is so',
  byHand: 'ip route',
  explains: [],
  because: 'It is like this.',
  fix: () => [],
  references: [],
  since: '0.1.0',
  examples: [],
  ...spec,
})
