import { describe, expect, test } from 'vitest'
import { derive } from '../../src/derive/derive.ts'
import { derivations } from '../../src/derive/index.ts'
import { things } from '../../src/derive/things.ts'
import type { World } from '../../src/knowledge/fact.ts'
import { isLate } from '../../src/knowledge/measured.ts'
import type { Attempt } from '../../src/knowledge/shapes/runtime.ts'
import { value } from '../../src/knowledge/held.ts'
import { learn } from '../../src/run/loop.ts'
import { subjectOf } from '../../src/run/subject.ts'
import { cached } from '../../src/sources/cache.ts'
import { opened, recordings, type Recording } from '../recordings.ts'

/** The walks and the attempts of a recording's paths, and nothing else. */
async function looked(recording: Recording): Promise<World> {
  const found = await opened(recording)
  const aim = { kind: 'path', subject: subjectOf(found.info) } as const
  const { ask } = cached(found.ask)
  let facts: World['facts'] = new Map()
  for (let size = -1; size !== facts.size;) {
    size = facts.size
    const paths = [...things(aim, facts).values()].filter(({ kind }) => kind === 'path')
    const base = [
      { thing: 'cluster', fact: 'cluster.nodes' },
      { thing: 'cluster', fact: 'cluster.jobs' },
    ]
    const jobs = [...things(aim, facts).values()].filter(({ kind }) => kind === 'job')
    const wanted = [
      ...base,
      ...jobs.flatMap(({ id }) => ['job.spec', 'job.allocations'].map((fact) => ({ thing: id, fact }))),
      ...paths.flatMap(({ id }) => ['path.walks', 'path.attempts'].map((fact) => ({ thing: id, fact }))),
    ]
    facts = await learn(wanted, aim, ask, facts)
  }
  return derive({ things: things(aim, facts), facts }, derivations)
}

/** What a caller may see of one outcome; one tool does not tell refused from unreachable. */
const seen: Readonly<Record<string, readonly Attempt['outcome'][]>> = {
  answered: ['answered', 'connected', 'stalled', 'empty', 'reset'],
  refused: ['refused', 'unreachable'],
  unreachable: ['refused', 'unreachable'],
  silent: ['timed-out'],
}

/** In these something between the clients decides, which no client can show. */
const between = new Set(['node-to-node-blocked'])
let compared = 0

describe('what the walk says of a recorded cluster is what was measured there', () => {
  test.each(recordings.filter(({ id }) => !between.has(id)))('$id', async (recording) => {
    const world = await looked(recording)
    const wrong = [...world.things.values()].flatMap(({ id }) => {
      const attempts = value(world, id, 'path.attempts') ?? []
      const walks = value(world, id, 'path.walks') ?? []
      return walks
        .filter(({ begins, outcome }) => begins === 'source' && outcome !== 'unknown')
        .flatMap(({ dial, outcome, start, traces }) =>
          attempts
            .filter((one) => one.from === 'source' && one.host === dial.host && one.port === dial.port)
            .filter(
              (one) =>
                one.outcome !== 'unclear' && one.place.startsWith('allocation') === (start.arrives === undefined),
            )
            .flatMap((one) => {
              compared += 1
              return seen[outcome]?.includes(one.outcome) || (isLate(traces) && one.outcome === 'timed-out')
                ? []
                : [`${dial.host}:${dial.port}: ${outcome}, measured ${one.outcome}`]
            }),
        )
    })
    expect(wrong).toEqual([])
  })

  test('most recordings have something to compare', ({ skip }) => {
    if (compared === 0) skip('no recording was walked')
    expect(compared).toBeGreaterThan(140)
  })
})

test.each([
  ['udp-stale-conntrack-repaired', 'udp'],
  ['bridge-healthy', 'tcp'],
])('%s is followed by %s, which its target listens for', async (id, proto) => {
  const recording = recordings.find((one) => one.id === id)
  if (!recording) throw new Error(`no recording ${id}`)
  const world = await looked(recording)
  const walks = [...world.things.values()].flatMap((one) => value(world, one.id, 'path.walks') ?? [])
  expect(new Set(walks.map(({ wanted, outcome }) => `${wanted.proto} ${outcome}`))).toEqual(
    new Set([`${proto} answered`]),
  )
})
