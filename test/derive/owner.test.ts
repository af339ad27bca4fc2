import { expect, test } from 'vitest'
import { nothingTold } from '../../src/knowledge/told.ts'
import { gather, picture } from '../../src/run/loop.ts'
import { subjectOf } from '../../src/run/subject.ts'
import { cached } from '../../src/sources/cache.ts'
import { diagnosed, opened, recordings } from '../recordings.ts'

test.each([
  ["Nomad's catalogue", 'wrong-to-port', 'orders-api'],
  ["Nomad's catalogue, in another namespace", 'nsd-cross-namespace', 'orders-api'],
  ["Consul's catalogue", 'consul-dns-a-not-srv', 'orders-api'],
  ['no catalogue, but a job declares it', 'nsd-registration-missing', 'orders-api'],
  ['no catalogue, and its job is not placed', 'missing-host-network', 'gateway'],
])('a service is found by its name: %s', async (_, id, service) => {
  const recording = recordings.find((one) => one.id === id)
  if (!recording) throw new Error(`no recording ${id}`)
  const { info, ask } = await opened(recording)
  const subject = { ...subjectOf(info), to: { kind: 'service', namespace: 'default', service }, port: null } as const
  const aim = { kind: 'path', subject } as const
  const { report } = picture(aim, await gather(aim, cached(ask).ask, new Map(), () => nothingTold), nothingTold)
  expect(report.diagnosis).toEqual((await diagnosed(recording)).report.diagnosis)
})

test('a service that nobody knows leaves everything unknown', async () => {
  const [recording] = recordings
  if (!recording) throw new Error('no recording')
  const { ask } = await opened(recording)
  const to = { kind: 'service', namespace: 'default', service: 'no-such-service' } as const
  const aim = { kind: 'path', subject: { from: null, to, port: null, symptom: 'unknown' } } as const
  const { report, walked } = picture(aim, await gather(aim, cached(ask).ask, new Map(), () => nothingTold), nothingTold)
  expect(report.diagnosis).toBeNull()
  expect(walked.open.length).toBeGreaterThan(0)
})
