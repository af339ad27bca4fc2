import type { Held, Seen, World } from '../src/knowledge/fact.ts'
import type { Member, Need } from '../src/knowledge/facts.ts'
import { parts } from '../src/knowledge/resolve.ts'
import type { Kind, Thing } from '../src/knowledge/things.ts'

/** Values of an example, by need: own facts, `source.…`, `target.…`, `every.…`. */
export type GivenValues = Readonly<Record<string, unknown>>

const seen: Seen = { by: 'example', ask: '["example"]', request: 'example', excerpt: 'as given', at: '' }
const held = (value: unknown): Held<unknown> => ({ known: true, value, seen })

const bare = (kind: Kind, id: string, about = id): Thing => ({ id, kind, about, links: {}, many: {}, names: {} })

/** The smallest world in which one thing of this kind sees exactly these values, and the thing. */
export function worldOf(kind: Kind, given: GivenValues): { readonly world: World; readonly thing: Thing } {
  const id = `${kind}:example`
  const links: Record<string, string> = {}
  const many: Partial<Record<Kind, string[]>> = {}
  const things = new Map<string, Thing>()
  const facts = new Map<string, Map<string, Held<unknown>>>()
  const put = (at: string, key: string, value: unknown) =>
    facts.set(at, (facts.get(at) ?? new Map<string, Held<unknown>>()).set(key, held(value)))
  for (const [need, value] of Object.entries(given)) {
    const { every, role, kind: of, fact } = parts(need as Need)
    if (every) {
      const ids = (many[of] ??= [])
      for (const member of value as readonly Member<unknown>[]) {
        if (!ids.includes(member.id)) ids.push(member.id)
        things.set(member.id, bare(of, member.id, member.about))
        put(member.id, fact, member.value)
      }
    } else if (role === kind) put(id, fact, value)
    else {
      const at = `${role}:example`
      links[role] = at
      things.set(at, bare(of, at))
      put(at, fact, value)
    }
  }
  const thing: Thing = { ...bare(kind, id), links, many }
  things.set(id, thing)
  return { world: { things, facts }, thing }
}
