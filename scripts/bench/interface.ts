import { spawn } from '@lydell/node-pty'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { Item } from './item.ts'

const home = mkdtempSync(join(tmpdir(), 'netdoctor-bench-'))
process.on('exit', () => rmSync(home, { recursive: true, force: true }))

const nobodyListens = () => {}

/** The program in a terminal of its own. Nothing listens where it looks for a cluster. */
function open(argv: readonly string[]) {
  const { NODE_OPTIONS: _, CI: __, NO_COLOR: ___, ...env } = process.env
  const pty = spawn(process.execPath, ['bin/nomad-netdoctor.js', ...argv], {
    name: 'xterm-256color',
    cols: 100,
    rows: 40,
    env: { ...env, NOMAD_ADDR: 'http://127.0.0.1:9', HOME: home, XDG_CACHE_HOME: home, LANG: 'C.UTF-8' },
  })
  let written = ''
  let heard = nobodyListens
  pty.onData((data) => {
    written += data
    heard()
  })
  const next = () => new Promise<void>((done) => (heard = done))
  return {
    pid: pty.pid,
    async until(pattern: RegExp) {
      const end = performance.now() + 20_000
      while (!pattern.test(written)) {
        if (performance.now() > end) throw new Error(`never saw ${pattern}`)
        await Promise.race([next(), new Promise((done) => setTimeout(done, 50))])
      }
    },
    /** Milliseconds from a key to the first thing it draws. */
    async press(key: string): Promise<number> {
      const drawn = next()
      const start = performance.now()
      pty.write(key)
      await drawn
      return performance.now() - start
    },
    /** Quits as a person does, so that the compiled code is kept for the next start. */
    async close() {
      const gone = new Promise((done) => pty.onExit(done))
      pty.write('q')
      await gone
    },
  }
}

let listed: string | undefined

/** A folder of 2,000 recorded cases: the longest list there is. */
function manyCases(): string {
  if (listed !== undefined) return listed
  listed = join(home, 'cases')
  for (let i = 0; i < 2000; i++) {
    const dir = join(listed, `case-${i}`)
    mkdirSync(dir, { recursive: true })
    const subject = { from: { job: 'web' }, to: { job: `api-${i}` } }
    const info = { id: `case-${i}`, title: `web cannot reach api-${i}`, what: 'It times out.', subject }
    writeFileSync(join(dir, 'case.json'), JSON.stringify(info))
  }
  return listed
}

async function firstFrame(): Promise<number> {
  const start = performance.now()
  const session = open([])
  await session.until(/What is wrong\?/)
  const took = performance.now() - start
  await session.close()
  return took
}

async function keyToFrame(): Promise<number> {
  const session = open(['--cases', manyCases(), '--screen', 'cases'])
  await session.until(/api-1/)
  const times: number[] = []
  for (let i = 0; i < 60; i++) {
    times.push(await session.press('j'))
    await new Promise((done) => setTimeout(done, 20))
  }
  await session.close()
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0
}

/** The most memory the program ever held, as the kernel counts it. */
async function peakMemory(): Promise<number> {
  const session = open(['--case', 'test/recordings/dynamic-ports-exhausted-repaired'])
  await session.until(/ruled out|NOTHING|UNDETERMINED|FOUND/)
  await new Promise((done) => setTimeout(done, 500))
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${session.pid}/status`, 'utf8'))?.[1]
  await session.close()
  return Number(peak) / 1024
}

const everywhere: readonly Item[] = [
  { name: 'first frame of the interface', limit: 4.5, unit: 'ratio', measure: firstFrame },
  { name: 'key to frame in a list of 2,000, p95', limit: 16, unit: 'ms', most: 5, measure: keyToFrame },
]
export const items: readonly Item[] =
  process.platform === 'linux'
    ? [...everywhere, { name: 'peak memory, largest recording', limit: 120, unit: 'MiB', most: 5, measure: peakMemory }]
    : everywhere
