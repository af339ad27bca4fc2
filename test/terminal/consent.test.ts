import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { start, type Session } from './pty.ts'
import { recordedCluster, type RecordedCluster } from './recorded-cluster.ts'

const home = mkdtempSync(join(tmpdir(), 'netdoctor-consent-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

let cluster: RecordedCluster
let session: Session
beforeEach(async () => {
  cluster = await recordedCluster('cases/app-binds-loopback-only')
})
afterEach(() => {
  session.kill()
  cluster.close()
})

const program = (): Session =>
  start({
    argv: [process.execPath, 'bin/nomad-netdoctor.js'],
    columns: 80,
    rows: 24,
    env: { NOMAD_ADDR: cluster.address, XDG_CACHE_HOME: home, HOME: home },
  })

/** A path is looked at on a live cluster, until the program asks what it may run. */
async function untilAsked(): Promise<Session> {
  session = program()
  await session.until(/clients? ready/)
  session.type('\r')
  await session.until(/Who is calling\?/)
  session.type('checkout/web\r')
  await session.until(/What cannot be reached\?/)
  session.type('orders-api/api\r')
  await session.until(/Which port\?/)
  session.type('\r')
  await session.until(/Look {6}find out why/)
  session.type('\r')
  await session.until(/May this run\?/)
  return session
}

const seen = () => new Promise((done) => setTimeout(done, 700))

test('one yes runs what is listed, and nothing is asked twice', async () => {
  const { type, until, text } = await untilAsked()
  expect(cluster.ran).toEqual([])
  await seen()
  type('Y')
  await until(/FOUND|UNDETERMINED/)
  const { length } = cluster.ran
  expect(length).toBeGreaterThan(0)
  type('v')
  await until(/Looked again|: (still|absent|not known)/)
  expect(text()).not.toContain('May this run?')
  expect(cluster.ran.length).toBeGreaterThan(length)
})

test('Esc refuses all: nothing ran, and the diagnosis is made without it; v asks again', async () => {
  const { type, until } = await untilAsked()
  await seen()
  type('\u001B')
  await until(/FOUND|UNDETERMINED/)
  expect(cluster.ran).toEqual([])
  type('v')
  await until(/May this run\?/)
  await seen()
  type('Y')
  await until(/Looked again|: (still|absent|not known)/)
  expect(cluster.ran.length).toBeGreaterThan(0)
})

test('an agent that listens at a Unix socket is looked at, and asked to run things, all the same', async () => {
  cluster.close()
  cluster = await recordedCluster('cases/app-binds-loopback-only', join(home, 'nomad.sock'))
  const { type, until, text } = await untilAsked()
  expect(text()).toMatch(/● unix:\/\/\//)
  await seen()
  type('Y')
  await until(/FOUND|UNDETERMINED/)
  expect(cluster.ran.length).toBeGreaterThan(0)
})
