import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { start, type Session } from './pty.ts'
import { recordedCluster, type RecordedCluster } from './recorded-cluster.ts'

const home = mkdtempSync(join(tmpdir(), 'netdoctor-waiting-'))
let cluster: RecordedCluster
let session: Session | undefined
beforeAll(async () => {
  cluster = await recordedCluster('cases/app-binds-loopback-only', undefined, 700)
})
afterEach(() => session?.kill())
afterAll(() => {
  cluster.close()
  rmSync(home, { recursive: true, force: true })
})

const diagnose = 'diagnose --from checkout/web --to orders-api/api'.split(' ')
const program = [process.execPath, 'bin/nomad-netdoctor.js', ...diagnose]
const env = () => ({ NOMAD_ADDR: cluster.address, XDG_CACHE_HOME: home, HOME: home })
const looking = /^Looking \(\d+ s\): /m

test('who waits at a terminal sees what for, in one line, and nothing of it stays', async () => {
  session = start({ argv: ['/bin/sh', '-c', `${program.join(' ')} > ${home}/report`], env: env(), columns: 60 })
  await session.until(looking)
  await session.until(/^Looking \(\d+ s\): .* · .*/m)
  expect(session.text().trim().split('\n')).toHaveLength(1)
  await session.exited
  expect(session.text().trim()).toBe('')
  expect(readFileSync(join(home, 'report'), 'utf8')).not.toMatch(looking)
})

test('with the report on the same terminal, the report alone stays', async () => {
  session = start({ argv: program, env: env() })
  await session.until(looking)
  await session.exited
  expect(session.text()).not.toMatch(looking)
  expect(session.text()).toContain('loopback')
})

test('left by Ctrl-C, the line is gone', async () => {
  session = start({ argv: program, env: env() })
  await session.until(looking)
  session.type('\u0003')
  expect(await session.exited).toBe(130)
  expect(session.text().trim()).toBe('')
})

test('read aloud, each is a line of its own and none is taken back', async () => {
  session = start({ argv: program, env: { ...env(), INK_SCREEN_READER: '1' } })
  await session.exited
  expect(session.written()).toMatch(looking)
  expect(session.written()).not.toContain('\u001B[K')
})

test('into a pipe nothing is told', async () => {
  const [out, err] = await new Promise<readonly string[]>((done) => {
    const args = [...program.slice(1), '--format', 'json']
    execFile(process.execPath, args, { env: { ...process.env, ...env() } }, (_, stdout, stderr) =>
      done([stdout, stderr]),
    )
  })
  expect(err).toBe('')
  expect(JSON.parse(out ?? '')).toHaveProperty('diagnosis')
})
