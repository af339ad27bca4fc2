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
  // What ran later than the first time is added once a day. A long run has forgotten how it began.
  const isDue = () => !kept || (Date.now() - kept.since > 86_400_000 && process.uptime() < 60)
  return {
    value: script.runInThisContext(),
    keep: () => {
      if (script.cachedDataRejected === true || isDue()) write(name, file, script)
    },
  }
}

interface Read {
  readonly bytes: Buffer
  /** Milliseconds since 1970. */
  readonly since: number
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

/** Before the code stand the script it belongs to and its sum: V8 believes it blindly. The length keeps it aligned. */
const head = (name: string, code: Buffer): string => `${name} ${crc32(code)}\n`.padStart(64)
const crc32 = (code: Buffer): number => process.getBuiltinModule('node:zlib').crc32(code)

function codeOf(name: string, file: string): Read | undefined {
  try {
    const { bytes, since } = read(file)
    const code = bytes.subarray(64)
    return bytes.toString('latin1', 0, 64) === head(name, code) ? { bytes: code, since } : undefined
  } catch {
    return undefined
  }
}

/** Best effort: without a writable folder the program merely starts more slowly. */
function write(name: string, file: string, script: Script): void {
  try {
    makeFolder(dirname(file), 0o700)
    const code = script.createCachedData()
    const half = `${file}.${process.pid}`
    writeFileSync(half, Buffer.concat([Buffer.from(head(name, code)), code]), { mode: 0o600 })
    renameSync(half, file)
  } catch {
    // The next start tries again.
  }
}
