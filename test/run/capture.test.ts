import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Ask } from '../../src/ask/request.ts'
import { caseSideOf, subjectOf } from '../../src/run/subject.ts'
import { cached } from '../../src/sources/cache.ts'
import { capture } from '../../src/sources/capture.ts'
import { recorder } from '../../src/sources/record.ts'
import { opened, recordings, reportOver, type Recording } from '../recordings.ts'

const ids = [
  'bridge-healthy',
  'wrong-to-port',
  'docker-ports-not-listed',
  'consul-service-critical-filtered',
  'connect-not-bridge',
  'missing-host-network',
  'acl-limited-undetermined',
]
let dir = ''
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'nd-capture-'))))
afterAll(() => rm(dir, { recursive: true, force: true }))

const kept = recordings.filter(({ id }) => ids.includes(id))
test.each(kept.map((each): [string, Recording] => [each.id, each]))(
  'what is captured of %s replays to the same report',
  async (id, recording) => {
    const cluster = await opened(recording)
    const writer = recorder(cluster.ask, join(dir, id))
    const ask = cached(writer.ask).ask
    const seen = await reportOver(ask, cluster)
    const { from, to } = subjectOf(cluster.info)
    await capture(ask, { from: caseSideOf(from), to: caseSideOf(to) })
    expect(await writer.finish(cluster.info)).toMatchObject({ dir: join(dir, id) })
    const replayed = await opened({ ...recording, dir: join(dir, id) })
    expect(await reportOver(replayed.ask, replayed)).toEqual(seen)
  },
)

/** Servers that read and plan whatever they are given. */
const planning =
  (source: Ask): Ask =>
  async (request) => {
    if (!('method' in request) || request.method !== 'POST') return source(request)
    const body = request.path.startsWith('/v1/jobs/parse') ? { ID: 'web' } : planned
    return { at: '2026-01-01T00:00:00.000Z', ms: 1, status: 200, body: JSON.stringify(body) }
  }
const planned = { Annotations: { DesiredTGUpdates: { api: { DestructiveUpdate: 1 } } }, FailedTGAllocs: null }

test('what the servers would do with the fix is captured, too', async () => {
  const recording = recordings.find((one) => one.id === 'wrong-to-port')
  if (!recording) throw new Error('wrong-to-port is not recorded')
  const cluster = await opened(recording)
  const writer = recorder(planning(cluster.ask), join(dir, 'planned'))
  const seen = await reportOver(cached(writer.ask).ask, cluster)
  expect(seen.findings[0]?.fix[0]?.plan).toBe('group api: 1 replaced; everything finds a place')
  await writer.finish(cluster.info)
  const replayed = await opened({ ...recording, dir: join(dir, 'planned') })
  expect(await reportOver(replayed.ask, replayed)).toEqual(seen)
})
