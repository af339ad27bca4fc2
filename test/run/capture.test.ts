import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Ask } from '../../src/ask/request.ts'
import { nothingTold } from '../../src/knowledge/told.ts'
import { gather, picture } from '../../src/run/loop.ts'
import { caseSideOf, subjectOf } from '../../src/run/subject.ts'
import { cached } from '../../src/sources/cache.ts'
import { capture } from '../../src/sources/capture.ts'
import { recorder } from '../../src/sources/record.ts'
import { opened, recordings, type Recording } from '../recordings.ts'

const report = async (ask: Ask, { info }: Awaited<ReturnType<typeof opened>>) => {
  const aim = { kind: 'path', subject: subjectOf(info) } as const
  const told = { ...nothingTold, answers: info.told ?? {} }
  const facts = await gather(aim, ask, new Map(), () => told)
  return picture(aim, facts, told).report
}
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
    const seen = await report(ask, cluster)
    const { from, to } = subjectOf(cluster.info)
    await capture(ask, { from: caseSideOf(from), to: caseSideOf(to) })
    expect(await writer.finish(cluster.info)).toMatchObject({ dir: join(dir, id) })
    const replayed = await opened({ ...recording, dir: join(dir, id) })
    expect(await report(replayed.ask, replayed)).toEqual(seen)
  },
)
