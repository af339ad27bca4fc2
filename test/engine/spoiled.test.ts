import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyOf } from '../../src/ask/canonical.ts'
import type { Ask, Reply } from '../../src/ask/request.ts'
import { nothingTold } from '../../src/knowledge/told.ts'
import { gather, picture } from '../../src/run/loop.ts'
import { cached } from '../../src/sources/cache.ts'
import { opened, recordings, reportOver } from '../recordings.ts'

// Replies of another version, of a proxy, of a broken disk: whatever they are, a diagnosis is made, and no reason in it is a slip of ours.

type Draw = (below: number) => number
/** Numbers that depend on the seed and the text alone: a request is spoiled the same way whenever it is asked. */
function draws(seed: number, text: string): Draw {
  let state = Array.from(text).reduce((hash, one) => Math.imul(hash ^ (one.codePointAt(0) ?? 0), 0x01000193), seed | 0)
  return (below) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5
    return Math.floor((((state ^ (state >>> 13)) >>> 0) / 2 ** 32) * below)
  }
}

const odd = [null, {}, [], '', 'x', '\u001B[2J', -1, 0, 1e21, true, [null], [[]], { a: null }, '0.0.0.0/99', '::']
const pieces = ['', ' ', '\n', '"', '-A ', '-j DROP', '0x', ':', '/', '{', '}', '\u0000', '99999999999', '!', '\t', '#']

function otherValue(value: unknown, draw: Draw): unknown {
  const parts = typeof value === 'object' && value !== null ? Object.keys(value) : []
  const key = parts[draw(parts.length)]
  if (key === undefined || draw(8) === 0) return odd[draw(odd.length)]
  if (Array.isArray(value)) return value.with(Number(key), otherValue(value[Number(key)], draw))
  const { [key]: old, ...rest } = value as Record<string, unknown>
  return draw(10) === 0 ? rest : { ...rest, [key]: otherValue(old, draw) }
}

function otherText(text: string, draw: Draw): string {
  const at = draw(text.length)
  return text.slice(0, at) + pieces[draw(pieces.length)] + text.slice(at + draw(30))
}

function spoilt(reply: Reply, draw: Draw): Reply {
  const { body } = reply
  if (draw(10) === 0) return { ...reply, status: [500, 403, 404, 0, -1, 1, 255][draw(7)] ?? 0 }
  if (draw(10) === 0) return { ...reply, body: body.slice(0, draw(body.length)) }
  try {
    return { ...reply, body: JSON.stringify(otherValue(otherValue(JSON.parse(body), draw), draw)) }
  } catch {
    return { ...reply, body: otherText(otherText(body, draw), draw) }
  }
}

const spoiling =
  (seed: number, share: number) =>
  (ask: Ask): Ask =>
  async (request) => {
    const reply = await ask(request)
    const draw = draws(seed, keyOf(request))
    return reply.refusal || draw(100) >= share ? reply : spoilt(reply, draw)
  }

const slip = /is not a function|undefined|Cannot read|is not iterable|RangeError|TypeError/
const any = [fc.constantFrom(...recordings), fc.nat(), fc.constantFrom(3, 15, 60)] as const

test('whatever the replies are, a diagnosis is made', async () => {
  await fc.assert(
    fc.asyncProperty(...any, async (recording, seed, share) => {
      const found = await opened(recording)
      const { unknown } = await reportOver(cached(spoiling(seed, share)(found.ask)).ask, found)
      const reasons = unknown.flatMap(({ because }) => because.map(({ detail = '' }) => detail))
      expect(reasons.filter((detail) => slip.test(detail))).toEqual([])
    }),
    { numRuns: 100 },
  )
})

test('and a survey', async () => {
  await fc.assert(
    fc.asyncProperty(...any, async (recording, seed, share) => {
      const aim = { kind: 'survey' } as const
      const { ask } = cached(spoiling(seed, share)((await opened(recording)).ask))
      const { report } = picture(aim, await gather(aim, ask, new Map(), () => nothingTold), nothingTold)
      expect(report.counts.judged).toBe(report.counts.present + report.counts.absent + report.counts.unknown)
    }),
    { numRuns: 40 },
  )
})
