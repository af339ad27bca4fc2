import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { program } from './cli/program.ts'

let cache = ''
beforeEach(() => void (cache = mkdtempSync(join(tmpdir(), 'netdoctor-compiled-'))))
afterEach(() => rmSync(cache, { recursive: true, force: true }))

const folder = () => join(cache, 'nomad-netdoctor', 'compiled')
const kept = () => join(folder(), `faults-${process.version}`)
const start = (...argv: readonly string[]) => program(argv, { XDG_CACHE_HOME: cache })
const faults = async () => {
  const { code, stdout, stderr } = await start('faults', 'port')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}
/** Whether the next start writes the file anew, when it was written so many seconds ago. Far from every limit, however long a start takes. */
async function rewritten(seconds: number): Promise<boolean> {
  const then = new Date(Date.now() - seconds * 1000)
  utimesSync(kept(), then, then)
  await faults()
  return Math.abs(statSync(kept()).mtimeMs - then.getTime()) > 1
}
const hour = 3600

test('what was compiled in one run is read in the next, and what ran since is added, ever more rarely', async () => {
  const said = await faults()
  expect(readdirSync(folder())).toEqual([`faults-${process.version}`, `faults-${process.version}-libraries`])
  for (let times = 0; times < 5; times++) expect(await rewritten(25 * hour)).toBe(true)
  expect(await rewritten(300)).toBe(false)
  expect(await rewritten(1100)).toBe(true)
  let times = 6
  while (times < 20 && (await rewritten(23 * hour))) times++
  expect(times).toBe(9)
  expect(await rewritten(25 * hour)).toBe(true)
  expect(await faults()).toBe(said)
})

test.each([
  ['is cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
  ['has a wrong byte', (bytes: Buffer) => bytes.fill(bytes[100_000]! ^ 1, 100_000, 100_001)],
  ['belongs to another build', (bytes: Buffer) => bytes.fill('other.js', 30, 38)],
  ['is empty', () => Buffer.alloc(0)],
])('a file that %s is made anew', async (_, broken) => {
  const said = await faults()
  writeFileSync(kept(), broken(readFileSync(kept())))
  expect(await rewritten(-hour)).toBe(true)
  expect(await rewritten(-hour)).toBe(false)
  expect(await faults()).toBe(said)
})

test('wrong usage keeps nothing, whatever it is called', async () => {
  expect((await start('../../faults')).code).toBe(2)
  expect((await start('faults', '--nothing-like-that')).code).toBe(2)
  expect(readdirSync(cache)).toEqual([])
})

test('without a folder to write to, the program starts all the same', async () => {
  writeFileSync(join(cache, 'nomad-netdoctor'), 'a file where the folder would be')
  chmodSync(cache, 0o500)
  expect(await faults()).toContain('port')
})

test.skipIf(!existsSync('/proc/self'))('nor does a folder hold it up in which nothing can ever be made', async () => {
  const { code } = await program(['faults', 'port'], { XDG_CACHE_HOME: '/proc/self/nowhere' })
  expect(code).toBe(0)
})
