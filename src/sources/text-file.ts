import { isUtf8 } from 'node:buffer'
import { constants } from 'node:fs'
import { open, readFile, stat, type FileHandle } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'

const largest = 5_000_000
/** How long a pipe waits for somebody to open its other end. */
const patience = 5_000

/**
 * The text of a file, or of a pipe until its writer closes it. Throws what a person can be told: too large, no text, a
 * device, or a pipe that nobody writes into within 5 s.
 */
export const readText = async (path: string): Promise<string> => whole(await readBytes(path))

/** A text, and where bytes stand that are none: the first place of each such line, both counted from 1. */
export interface Decoded {
  readonly text: string
  readonly broken: readonly { readonly line: number; readonly column: number }[]
}
export const readDecoded = async (path: string): Promise<Decoded> => decoded(await readBytes(path))

async function readBytes(path: string): Promise<Buffer> {
  const found = await stat(path)
  if (found.isFIFO()) return piped(path)
  if (!found.isFile()) throw new Error('this is a device or a socket, not a file')
  if (found.size > largest) throw tooLarge(`it has ${found.size} bytes`)
  return readFile(path)
}

/** The text of a stream, as far as it may be a file of this kind. */
export async function streamDecoded(stream: NodeJS.ReadableStream): Promise<Decoded> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of stream) {
    pieces.push(Buffer.from(piece))
    size += piece.length
    if (size > largest) throw tooLarge('there is no end of it')
  }
  return decoded(Buffer.concat(pieces))
}

const tooLarge = (how: string): Error => new Error(`${how}: too large for a job file`)

function whole(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  if (text.includes('\0')) throw new Error('this is not text')
  return text
}

function decoded(bytes: Buffer): Decoded {
  const text = whole(bytes)
  if (isUtf8(bytes)) return { text, broken: [] }
  const broken: { line: number; column: number }[] = []
  let start = 0
  for (let line = 1; start < bytes.length; line++) {
    const next = bytes.indexOf(10, start)
    const own = bytes.subarray(start, next < 0 ? undefined : next)
    if (!isUtf8(own)) broken.push({ line, column: own.toString('utf8').indexOf('\uFFFD') + 1 })
    start = next < 0 ? bytes.length : next + 1
  }
  return { text, broken }
}

/** Opened without waiting, because opening a pipe waits for its writer without an end. */
async function piped(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const pieces: Buffer[] = []
    const until = Date.now() + patience
    // A shell opens both ends of its own pipes before anybody reads.
    let written = /^\/(?:dev|proc\/self)\/fd\//.test(path)
    let size = 0
    for (;;) {
      const piece = await next(file)
      if (piece.length > 0) {
        written = true
        pieces.push(piece)
        size += piece.length
        if (size > largest) throw tooLarge('there is no end of it')
        continue
      }
      if (piece !== later && written) return Buffer.concat(pieces)
      if (piece === later) written = true
      else if (Date.now() > until) throw new Error(`nobody has written into this pipe within ${patience / 1000} s`)
      await setTimeout(20)
    }
  } finally {
    await file.close()
  }
}

/** There is a writer, and nothing to read yet. */
const later = Buffer.alloc(0)
async function next(file: FileHandle): Promise<Buffer> {
  const room = Buffer.alloc(65_536)
  try {
    const { bytesRead } = await file.read(room)
    return room.subarray(0, bytesRead)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return later
    throw error
  }
}
