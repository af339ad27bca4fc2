import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { cacheFolder } from '../../src/cache-folder.ts'
import type * as Cli from '../../src/cli/index.ts'
import * as crash from '../../src/crash.ts'
import * as out from '../../src/out.ts'
import { load, type Loaded } from './kept.ts'
import { large } from './large.ts'
import { node } from './node.ts'

/** The names of the two scripts, which change with what is in them. */
declare const PROGRAM: string
declare const LIBRARIES: string

type Modules = (name: string) => unknown
/** What a script evaluates to. `modules`: all that is not in it. */
type Part = (modules: Modules, url: string, dirname: string) => unknown

/**
 * `src/cli/index.ts` for the bundle: all of it is one script, beside one with the large packages, and their compiled
 * code is kept for the next start. Node's cache of modules holds what is compiled before a module runs, which is little
 * more than the names of its functions; of a script V8 gives all that was compiled until now.
 */
export async function run(argv: readonly string[]): Promise<number> {
  const [first = '-'] = argv
  const command = first.startsWith('-') ? 'interface' : first
  // Before anything is compiled: what is kept is good for the same settings only.
  if (command !== 'interface') hurry(command)
  const kept = join(cacheFolder('compiled'), `${command}-${process.version}`)
  const started = ({ value }: Loaded, modules: Modules): unknown =>
    (value as Part)(modules, import.meta.url, import.meta.dirname)

  const loaded = [load(PROGRAM, kept)]
  let give: Modules | undefined
  const libraries = (): Modules => {
    const part = load(LIBRARIES, `${kept}-libraries`)
    loaded.push(part)
    return started(part, node) as Modules
  }
  const modules = (name: string): unknown =>
    shared[name] ?? (names.has(name) ? (give ??= libraries())(name) : node(name))
  const [program] = loaded as [Loaded]
  const code = await (started(program, modules) as typeof Cli).run(argv)
  // Usage that is wrong has run nothing, under any name.
  if (code !== 2) for (const { keep } of loaded) keep()
  return code
}

/** Sets V8 up for a process that is over before its optimisers pay. */
function hurry(command: string): void {
  // Node keeps its own modules compiled for V8's usual settings: what comes later is compiled anew.
  process.getBuiltinModule('node:zlib')
  parseArgs({ args: [] })
  // Optimising the parsers pays after a few dozen job files; a process that read one would wait for it at its end.
  setFlagsFromString('--wasm-tiering-budget=400000000')
  // V8's quick optimiser works beside the program from its first moments; most commands are over before that pays.
  setFlagsFromString('--no-maglev')
  // A regular expression is compiled once, not first for an interpreter and again when it is met a second time.
  setFlagsFromString('--no-regexp-tier-up')
  // Room for new objects grows at once to what a diagnosis makes, not by doubling: three collections instead of nine.
  // Files in numbers make more than that, and need the memory for what stays.
  if (command === 'lint') return
  setFlagsFromString('--semi-space-growth-factor=16')
  // Nor is it collected ahead of need, in a pause: the process is over before.
  setFlagsFromString('--no-minor-gc-task')
}

const shared: Readonly<Record<string, unknown>> = { crash, out }
const names: ReadonlySet<string> = new Set(large)
