import { describe, expect, test } from 'vitest'
import type { Ask, Reply, Request } from '../../src/ask/request.ts'
import { derivations } from '../../src/derive/index.ts'
import type { World } from '../../src/knowledge/fact.ts'
import { faultById } from '../../src/knowledge/faults/index.ts'
import type { Need } from '../../src/knowledge/facts.ts'
import { parts, resolve } from '../../src/knowledge/resolve.ts'
import type { Thing } from '../../src/knowledge/things.ts'
import { spell } from '../../src/ask/request.ts'
import { diagnosed, isKnown, recordings, type Diagnosed } from '../recordings.ts'

const derived = new Map(derivations.map((rule) => [rule.provides as string, rule]))

/** The requests behind a thing's needs, through everything these are derived from. */
function behind(world: World, thing: Thing, needs: readonly Need[]): ReadonlySet<string> {
  const asks = new Set<string>()
  const visited = new Set<string>()
  const visit = (at: Thing, need: Need) => {
    const found = resolve(world, at, need)
    if (found.state === 'known') for (const { ask } of found.seen) asks.add(ask)
    const { every, role, kind, fact } = parts(need)
    const ids = every ? (at.many[kind] ?? []) : [role === at.kind ? at.id : at.links[role]]
    for (const id of ids) {
      const rule = derived.get(fact)
      const next = world.things.get(id ?? '')
      if (!rule || !next || visited.has(`${id} ${fact}`)) continue
      visited.add(`${id} ${fact}`)
      for (const input of [...rule.from, ...(rule.maybe ?? [])]) visit(next, input)
    }
  }
  for (const need of needs) visit(thing, need)
  return asks
}

/** How one reply is lost. */
export type Loss = (reply: Reply, request: Request) => Reply

const losing =
  (ask: string, lose: Loss) =>
  (source: Ask): Ask =>
  async (request) => {
    const reply = await source(request)
    return spell(request) === ask ? lose(reply, request) : reply
  }

/** The requests that the verdict on a fault rests on, wherever it is present. */
function proofOf(seen: Diagnosed, fault: string): ReadonlySet<string> {
  const known = faultById.get(fault)
  const needs = [...(known?.needs ?? []), ...(Object.keys(known?.onlyWhen ?? {}) as Need[])]
  const asks = new Set<string>()
  for (const verdict of seen.verdicts) {
    const thing = seen.world.things.get(verdict.thing)
    if (verdict.fault !== fault || verdict.verdict !== 'present' || !thing) continue
    for (const ask of behind(seen.world, thing, needs)) asks.add(ask)
  }
  return asks
}

const broken = recordings.filter((recording) => recording.truth.state === 'broken' && isKnown(recording))

/**
 * Takes the replies behind each proven fault away, one at a time: its verdict must become unknown, or stay present
 * where another reply says the same; never absent, never "nothing is wrong", never another fault instead, unless that
 * is a consequence of it which is really there.
 */
export function withoutOneReply(how: string, lose: Loss): void {
  describe(`a reply that is ${how} leaves its fault unknown, never ruled out`, () => {
    test.each(broken)('$id', async (recording) => {
      const fault = recording.truth.faults[0] ?? ''
      const asks = proofOf(await diagnosed(recording), fault)
      expect(asks.size, 'replies behind the verdict').toBeGreaterThan(0)
      const { faults, also } = recording.truth
      const fair = [...faults, ...also, ...(faultById.get(fault)?.explains ?? [])]
      const wrong: string[] = []
      for (const ask of asks) {
        const { verdicts, code, report } = await diagnosed(recording, losing(ask, lose))
        const own = verdicts.filter((verdict) => verdict.fault === fault)
        if (own.length > 0 && own.every(({ verdict }) => verdict === 'absent'))
          wrong.push(`${ask}: ruled out, ${own.map((one) => ('reason' in one ? one.reason : '')).join(', ')}`)
        if (code === 0) wrong.push(`${ask}: said that nothing is wrong`)
        const said = report.diagnosis?.fault
        if (said !== undefined && !fair.includes(said)) wrong.push(`${ask}: said ${said}`)
      }
      expect(wrong).toEqual([])
    })
  })
}
