import { createReadStream, readFileSync, statSync } from 'node:fs'
import type { Transform } from 'node:stream'
import { brotliDecompressSync, createBrotliDecompress, createGunzip, gunzipSync } from 'node:zlib'

const unpackers: Readonly<Record<string, (options: { chunkSize: number }) => Transform>> = {
  '.gz': createGunzip,
  '.br': createBrotliDecompress,
}

/** The lines of a text file, compressed when its name ends in `.gz` or `.br`, one after the other. Rejects as the file system does. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of atOnce(file) ?? inPieces(file)) {
    rest += decoder.decode(chunk, { stream: true })
    let start = 0
    for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n', start)) {
      yield rest.slice(start, rest[end - 1] === '\r' ? end - 1 : end)
      start = end + 1
    }
    rest = rest.slice(start)
  }
  rest += decoder.decode()
  if (rest !== '') yield rest.endsWith('\r') ? rest.slice(0, -1) : rest
}

const small = { packed: 1 << 16, unpacked: 1 << 20 }
const unpackAtOnce: Readonly<Record<string, typeof gunzipSync>> = { '.gz': gunzipSync, '.br': brotliDecompressSync }

/** A small file, without the streams that take longer to set up than it takes to read. Not whole: the pieces tell where it ends. */
function atOnce(file: string): readonly Uint8Array[] | undefined {
  const unpack = unpackAtOnce[file.slice(-3)]
  try {
    if (!unpack || statSync(file).size > small.packed) return undefined
    // All of it fits into one piece: many small ones take a third longer.
    return [unpack(readFileSync(file), { chunkSize: small.unpacked, maxOutputLength: small.unpacked })]
  } catch {
    return undefined
  }
}

async function* inPieces(file: string): AsyncGenerator<Uint8Array> {
  const raw = createReadStream(file, { highWaterMark: 1 << 18 })
  const unpack = unpackers[file.slice(-3)]?.({ chunkSize: 1 << 18 })
  if (unpack) raw.on('error', (error) => unpack.destroy(error)).pipe(unpack)
  try {
    yield* unpack ?? raw
  } finally {
    raw.destroy()
  }
}
