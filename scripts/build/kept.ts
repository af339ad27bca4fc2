import { closeSync, fstatSync, openSync, readSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'
import { makeFolder } from '../../src/sources/make-folder.ts'

/** A script of the program, and what is to be kept of it when it has run. */
export interface Loaded {
  readonly value: unknown
  readonly keep: () => void
}

/** Loads the script `name` of this folder with the compiled code in `file`, if that is the code of just this script. */
export function load(name: string, file: string): Loaded {
  const filename = join(import.meta.dirname, name)
  // Nothing but ASCII is in it, and this is the shortest way to a text.
  const source = read(filename).bytes.toString('latin1')
  const kept = codeOf(name, file)
  const script = new Script(source, kept ? { filename, cachedData: kept.bytes } : { filename })
  // What the first runs did not come to is added by later ones: after a second, 4, 16 and so on, once a day in the end.
  const isDue = ({ since, times }: Kept) => Date.now() - since > Math.min(1000 * 4 ** times, 86_400_000)
  return {
    value: script.runInThisContext(),
    keep: () => {
      if (!kept || script.cachedDataRejected === true) write(name, file, script, 0)
      // A long run has forgotten how it began.
      else if (process.uptime() < 60 && isDue(kept)) write(name, file, script, kept.times + 1)
    },
  }
}

interface Read {
  readonly bytes: Buffer
  /** Milliseconds since 1970. */
  readonly since: number
}

/** Compiled code, and how often something was added to it. */
interface Kept extends Read {
  readonly times: number
}

/** Where each file is read to: memory that was used before is twice as fast as new one. */
let room: Buffer | undefined

/** The bytes of a file, until the next one is read. */
function read(file: string): Read {
  const from = openSync(file, 'r')
  try {
    const { size, mtimeMs } = fstatSync(from)
    if (!room || room.length < size) room = Buffer.allocUnsafeSlow(size * 2)
    let at = 0
    for (let read = -1; read !== 0 && at < size; at += read) read = readSync(from, room, at, size - at, at)
    return { bytes: room.subarray(0, at), since: mtimeMs }
  } finally {
    closeSync(from)
  }
}

/** Before the code stand the script it belongs to, how often it grew and its sum: V8 believes it blindly. The length keeps it aligned. */
const head = (name: string, times: number, code: Buffer): string => `${name} ${times} ${crc32(code)}\n`.padStart(64)
const crc32 = (code: Buffer): number => process.getBuiltinModule('node:zlib').crc32(code)

function codeOf(name: string, file: string): Kept | undefined {
  try {
    const { bytes, since } = read(file)
    const code = bytes.subarray(64)
    const first = bytes.toString('latin1', 0, 64)
    const times = Number(first.trim().split(' ')[1])
    return first === head(name, times, code) ? { bytes: code, since, times } : undefined
  } catch {
    return undefined
  }
}

/** Best effort: without a writable folder the program merely starts more slowly. */
function write(name: string, file: string, script: Script, times: number): void {
  try {
    makeFolder(dirname(file), 0o700)
    const code = script.createCachedData()
    const half = `${file}.${process.pid}`
    writeFileSync(half, Buffer.concat([Buffer.from(head(name, times, code)), code]), { mode: 0o600 })
    renameSync(half, file)
  } catch {
    // The next start tries again.
  }
}
