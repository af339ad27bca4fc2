import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { build } from 'esbuild'
import { afterAll, expect, test } from 'vitest'

const home = mkdtempSync(join(tmpdir(), 'netdoctor-main-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** Starts the real entry with another command line behind it. */
async function start(cli: string) {
  const outfile = join(home, `${Math.random()}.mjs`)
  const contents = `import { beforeCrash } from ${JSON.stringify(resolve('src/crash.ts'))}\nimport { say } from ${JSON.stringify(resolve('src/out.ts'))}\nexport async function run(argv) { ${cli} }`
  await build({
    entryPoints: ['src/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    plugins: [
      {
        name: 'another-cli',
        setup(builder) {
          builder.onLoad({ filter: /src[\\/]cli[\\/]index\.ts$/ }, () => ({ contents, resolveDir: resolve('src/cli') }))
        },
      },
    ],
  })
  const { NETDOCTOR_DEBUG: _, ...env } = process.env
  return spawn(process.execPath, [outfile, 'one', 'two'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env, XDG_CACHE_HOME: home },
  })
}

async function outcome(cli: string) {
  const child = await start(cli)
  const code = new Promise((done) => child.on('close', done))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await code, stdout, stderr }
}

test('arguments go in, the exit code comes out', async () => {
  expect(await outcome(`console.log(argv.join()); return 3`)).toEqual({ code: 3, stdout: 'one,two\n', stderr: '' })
})

test('a long report into a slow pipe is not cut', async () => {
  const child = await start(`say('x'.repeat(5_000_000)); return 0`)
  await setTimeout(300)
  expect((await text(child.stdout)).length).toBe(5_000_000)
})

test('a reader that leaves early does not change the exit code', async () => {
  const child = await start(
    `for (let n = 0; n < 50; n++) { say('x'.repeat(100_000)); await new Promise(setImmediate) } return 1`,
  )
  child.stdout.destroy()
  const code = new Promise((done) => child.on('close', done))
  expect(await text(child.stderr)).toBe('')
  expect(await code).toBe(1)
})

test.each([
  ['an exception', `throw new TypeError('no\\n \\u001B[2Jsuch thing')`],
  [
    'an exception in a timer',
    `setTimeout(() => { throw new TypeError('no such thing') }); await new Promise(() => {})`,
  ],
  [
    'a rejection nobody awaits',
    `Promise.reject(new TypeError('no such thing')); await new Promise(r => setTimeout(r, 5000))`,
  ],
])('%s restores the terminal, says one line, and ends with 70', async (_, code) => {
  const cli = `beforeCrash(() => console.log('restored')); beforeCrash(() => { throw new Error('again') }); ${code}`
  const { code: exit, stdout, stderr } = await outcome(cli)
  expect({ exit, stdout }).toEqual({ exit: 70, stdout: 'restored\n' })
  expect(stderr).toMatch(
    /^nomad-netdoctor: this is a bug of ours, please report it: TypeError: no (\[2J)?such thing\n$/,
  )
})
