import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'
import { cacheFolder } from '../../src/cache-folder.ts'
import type * as Cli from '../../src/cli/index.ts'
import * as crash from '../../src/crash.ts'
import * as out from '../../src/out.ts'
import { makeFolder } from '../../src/sources/make-folder.ts'

/** The name of the script, which changes with what is in it. */
declare const PROGRAM: string

/** What the script evaluates to. `modules`: Node's own, and those that it has in common with its loader. */
type Program = (modules: (name: string) => unknown, url: string, dirname: string) => typeof Cli

/**
 * `src/cli/index.ts` for the bundle: all of it is one script, and its compiled code is kept for the next start. Node's
 * cache of modules holds what is compiled before a module runs, which is little more than the names of its functions;
 * of a script V8 gives all that was compiled until now. The parsers of job files are optimised when they have read a few
 * dozen files: for one file the optimising takes longer than the reading, and the process cannot end before it.
 */
export async function run(argv: readonly string[]): Promise<number> {
  // Before anything is compiled: what is kept is good for the same settings only.
  setFlagsFromString('--wasm-tiering-budget=400000000')
  const [first = '-'] = argv
  const file = join(cacheFolder('compiled'), `${first.startsWith('-') ? 'interface' : first}-${process.version}`)
  const kept = read(file)
  const filename = join(import.meta.dirname, PROGRAM)
  // Nothing but ASCII is in it, and this is the shortest way to a text.
  const source = readFileSync(filename, 'latin1')
  const script = new Script(source, kept ? { filename, cachedData: kept.code } : { filename })
  const program = script.runInThisContext() as Program
  const code = await program(modules, import.meta.url, import.meta.dirname).run(argv)
  // Usage that is wrong has run nothing, under any name.
  if (code !== 2 && (!kept || script.cachedDataRejected === true || isDue(kept))) keep(file, script)
  return code
}

const modules = (name: string): unknown =>
  shared[name] ?? (seldom.has(name) ? lazily(name) : process.getBuiltinModule(name))
const shared: Readonly<Record<string, unknown>> = { crash, out }

/** Most runs load what imports these and never call it; `node:crypto` alone brings twenty modules along. */
const seldom = new Set(['crypto', 'fs/promises', 'module', 'os', 'timers/promises', 'zlib'].map((name) => `node:${name}`))

/** A module of Node's that is loaded when something of it is first used. */
function lazily(name: string): object {
  const loaded = () => process.getBuiltinModule(name) as object
  return new Proxy(
    {},
    {
      get: (_, key): unknown => Reflect.get(loaded(), key),
      has: (_, key) => key in loaded(),
      ownKeys: () => Reflect.ownKeys(loaded()),
      getOwnPropertyDescriptor(_, key) {
        const own = Reflect.getOwnPropertyDescriptor(loaded(), key)
        return own && { ...own, configurable: true }
      },
    },
  )
}

interface Kept {
  readonly code: Buffer
  /** Milliseconds since 1970. */
  readonly since: number
}

/** What ran later than the first time is added once a day. A long run has forgotten how it began. */
const isDue = ({ since }: Kept): boolean => Date.now() - since > 86_400_000 && process.uptime() < 60

/** Before the code stand the script it belongs to and its sum: V8 believes it blindly. The length keeps it aligned. */
const head = (code: Buffer): string => `${PROGRAM} ${crc32(code)}\n`.padStart(64)
const crc32 = (code: Buffer): number => process.getBuiltinModule('node:zlib').crc32(code)

function read(file: string): Kept | undefined {
  try {
    const bytes = readFileSync(file)
    const code = bytes.subarray(64)
    return bytes.toString('latin1', 0, 64) === head(code) ? { code, since: statSync(file).mtimeMs } : undefined
  } catch {
    return undefined
  }
}

/** Best effort: without a writable folder the program merely starts more slowly. */
function keep(file: string, script: Script): void {
  try {
    makeFolder(dirname(file), 0o700)
    const code = script.createCachedData()
    const half = `${file}.${process.pid}`
    writeFileSync(half, Buffer.concat([Buffer.from(head(code)), code]), { mode: 0o600 })
    renameSync(half, file)
  } catch {
    // The next start tries again.
  }
}
