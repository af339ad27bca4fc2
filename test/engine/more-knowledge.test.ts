import * as fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import type { Held, Why } from '../../src/knowledge/fact.ts'
import type { PathWalk } from '../../src/knowledge/shapes/walk.ts'
import { nothingTold } from '../../src/knowledge/told.ts'
import { picture, type Picture, type RawFacts } from '../../src/run/loop.ts'
import { subjectOf } from '../../src/run/subject.ts'
import { diagnosed, opened, recordings, type Recording } from '../recordings.ts'

interface Full {
  readonly recording: Recording
  readonly facts: RawFacts
  readonly over: (facts: RawFacts) => Picture
  readonly seen: Picture
}
const kept = new Map<string, Promise<Full>>()
const full = (recording: Recording): Promise<Full> => {
  const found = kept.get(recording.id) ?? make(recording)
  kept.set(recording.id, found)
  return found
}
async function make(recording: Recording): Promise<Full> {
  const { facts } = await diagnosed(recording)
  const aim = { kind: 'path', subject: subjectOf((await opened(recording)).info) } as const
  const over = (some: RawFacts) => picture(aim, some, nothingTold)
  return { recording, facts, over, seen: over(facts) }
}

/** Facts with some taken away: never asked, or refused. */
function without(facts: RawFacts, gone: (thing: string, fact: string) => Why | undefined): RawFacts {
  return new Map(
    [...facts].map(([thing, own]) => {
      const left = [...own].flatMap(([fact, held]): (readonly [string, Held<unknown>])[] => {
        const why = gone(thing, fact)
        if (why === undefined) return [[fact, held]]
        return why === 'not-asked' ? [] : [[fact, { known: false, why }]]
      })
      return [thing, new Map(left)]
    }),
  )
}

/** What less knowledge had settled and more knowledge changed: relations, derived facts, verdicts. */
function changes(less: Picture, more: Picture): string[] {
  const found: string[] = []
  for (const [id, thing] of less.world.things) {
    const other = more.world.things.get(id)
    for (const [role, link] of Object.entries(thing.links))
      if (other && other.links[role as 'node'] !== link)
        found.push(`${role} of ${id}: ${link} -> ${other.links[role as 'node']}`)
    for (const [kind, list] of Object.entries(thing.many))
      if (other && !isDeepStrictEqual(other.many[kind as 'node'], list)) found.push(`all ${kind} of ${id}`)
  }
  for (const [id, own] of less.world.facts)
    for (const [fact, held] of own) {
      const other = more.world.facts.get(id)?.get(fact)
      if (!held.known || !more.world.things.has(id)) continue
      // It is about the attempts known so far; with more of them there may be one that the walk cannot follow.
      if (fact === 'path.disagreement') continue
      // It says that nothing read so far told.
      if (fact === 'path.protocol' && held.value === 'unsaid') continue
      if (!other?.known) found.push(`${fact} of ${id}: was known`)
      else if (fact === 'path.walks' || fact === 'path.past')
        found.push(...outcomes(held.value, other.value).map((line) => `${id}: ${line}`))
      // They say what was read so far and what was not; what is concluded from them is compared.
      else if (/\.(?:kernel|network|crossings)$/.test(fact)) continue
      else if (!isDeepStrictEqual(other.value, held.value))
        found.push(`${fact} of ${id}: ${JSON.stringify(held.value)} -> ${JSON.stringify(other.value)}`)
    }
  const settled = new Map(more.verdicts.map((verdict) => [`${verdict.fault} ${verdict.thing}`, verdict]))
  for (const verdict of less.verdicts) {
    const other = settled.get(`${verdict.fault} ${verdict.thing}`)
    // It compares the connections tried so far with what was read so far of their way, and says itself what that was.
    const open = verdict.fault === 'simulation-disagrees'
    if (other && !open && verdict.verdict !== 'unknown' && other.verdict !== verdict.verdict)
      found.push(`${verdict.fault} of ${verdict.thing}: ${verdict.verdict} -> ${other.verdict}`)
  }
  return found
}

/** Connections whose outcome was settled and is another one now. */
function outcomes(less: unknown, more: unknown): string[] {
  const key = ({ dial, begins }: PathWalk): string => `${begins} ${dial.from} ${dial.host}:${dial.port}`
  const now = new Map((more as readonly PathWalk[]).map((walk) => [key(walk), walk.outcome]))
  return (less as readonly PathWalk[]).flatMap((walk) => {
    const after = now.get(key(walk))
    // Only what was followed through places that were read whole is settled.
    const same = walk.outcome === 'unknown' || walk.unread.length > 0 || after === undefined || after === walk.outcome
    return same ? [] : [`${key(walk)}: ${walk.outcome} -> ${after}`]
  })
}

const why = fc.constantFrom<Why[]>('not-asked', 'not-asked', 'denied', 'offline', 'not-recorded')
/** Takes facts away at random: a share of them, chosen by a seed, so that shrinking stays quick. */
const losing = fc.record({ share: fc.constantFrom(0.02, 0.1, 0.3, 0.7), seed: fc.nat(), why })
const chance = (text: string, seed: number): number => {
  let hash = seed | 0
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32
}

/** Where no caller was known, what the target's client lets through was taken for the whole way. */
const once = (
  id: string,
  share: number,
  seed: number,
  why: Why = 'offline',
): [Recording, { share: number; seed: number; why: Why }] => [
  recordings.find((one) => one.id === id)!,
  { share, seed, why },
]
const found = [
  once('cni-plugin-missing', 0.3, 1_235_334_316),
  once('host-mode-healthy', 0.1, 1_608_514_797),
  // What the caller dials was not known, and an attempt to the registered address was taken for its own.
  once('colocation-assumption', 0.1, 41_861_656, 'not-asked'),
]

test('more knowledge never changes its mind: what was settled with fewer facts stays settled', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...recordings), losing, async (recording, { share, seed, why }) => {
      const { facts, over, seen } = await full(recording)
      const less = over(without(facts, (thing, fact) => (chance(`${thing} ${fact}`, seed) < share ? why : undefined)))
      expect(changes(less, seen)).toEqual([])
    }),
    { numRuns: 400, examples: found },
  )
}, 120_000)

test('each fact of a recording, taken away alone', async () => {
  const found = new Set<string>()
  for (const recording of recordings.filter((_, index) => index % 12 === 0)) {
    const { facts, over, seen } = await full(recording)
    const keys = new Set([...facts.values()].flatMap((own) => [...own.keys()]))
    for (const key of keys)
      for (const line of changes(over(without(facts, (_, fact) => (fact === key ? 'denied' : undefined))), seen))
        found.add(`${recording.id} without ${key}: ${line}`)
  }
  expect([...found]).toEqual([])
}, 120_000)
