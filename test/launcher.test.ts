import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { help } from '../src/cli/help.ts'
import { version } from '../src/version.ts'

const home = mkdtempSync(join(tmpdir(), 'netdoctor-launcher-'))
const launcher = join(home, 'bin', 'nomad-netdoctor.js')

function start(argv: readonly string[], env: NodeJS.ProcessEnv = {}, options: readonly string[] = []) {
  const { FORCE_COLOR: _, ...rest } = process.env
  const settings = { encoding: 'utf8', env: { ...rest, XDG_CACHE_HOME: join(home, 'cache'), ...env } } as const
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [...options, launcher, ...argv], settings)
  return { status, signal, stdout, stderr }
}

/** Puts a program of one's own where the launcher looks for the built one. */
function build(source: string): void {
  rmSync(join(home, 'dist'), { recursive: true, force: true })
  mkdirSync(join(home, 'dist'))
  writeFileSync(join(home, 'dist', 'main.js'), source)
}

beforeAll(() => {
  cpSync('bin', join(home, 'bin'), { recursive: true })
  writeFileSync(join(home, 'package.json'), '{"type":"module"}')
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

test('says what to do before the first build', () => {
  rmSync(join(home, 'dist'), { recursive: true, force: true })
  expect(start([])).toMatchObject({ status: 2, stderr: expect.stringMatching(/^.*npm run build.*\n$/) })
})

test('a fault inside the built program is not mistaken for a missing build', () => {
  build(`import './not-there.js'`)
  const { status, stderr } = start([])
  expect({ status, mentionsBuild: stderr.includes('npm run build') }).toEqual({ status: 1, mentionsBuild: false })
})

describe('on a Node.js that is too old', () => {
  const pretend = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.20.2"})'
  const old = (env: NodeJS.ProcessEnv = {}) => start(['one', 'two words'], env, ['--import', pretend])
  const runtime = join(home, 'node_modules', `node-${process.platform}-${process.arch}`)

  afterEach(() => rmSync(runtime, { recursive: true, force: true }))

  test('says so when there is no other', () => {
    build(`console.log('started')`)
    const stderr = 'nomad-netdoctor needs Node.js 22.18 or newer, and this is 20.20.2.\n'
    expect(old()).toEqual({ status: 2, signal: null, stdout: '', stderr })
  })

  test.skipIf(process.platform === 'win32')('starts again on the one that came with the tools', () => {
    mkdirSync(join(runtime, 'bin'), { recursive: true })
    symlinkSync(process.execPath, join(runtime, 'bin', 'node'))
    build(`console.log(process.argv.slice(2).join('|')); process.exitCode = 3`)
    expect(old()).toEqual({ status: 3, signal: null, stdout: 'one|two words\n', stderr: '' })
    build(`process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 5000)`)
    expect(old()).toMatchObject({ signal: 'SIGTERM' })
    expect(old({ NETDOCTOR_RESTARTED: '1' })).toMatchObject({ status: 2 })
  })
})

describe('the built program', () => {
  beforeAll(() => {
    rmSync(join(home, 'dist'), { recursive: true, force: true })
    symlinkSync(join(process.cwd(), 'dist'), join(home, 'dist'))
  })

  test.each(['--version', '-v'])('%s', (flag) => {
    expect(start([flag])).toEqual({ status: 0, signal: null, stdout: `${version}\n`, stderr: '' })
  })

  test.each(['--help', '-h'])('%s', (flag) => {
    expect(start([flag])).toEqual({ status: 0, signal: null, stdout: `${help}\n`, stderr: '' })
  })

  test('asking for the version leaves nothing behind', () => {
    start(['--version'])
    expect(existsSync(join(home, 'cache'))).toBe(false)
  })
})
