import { createReadStream } from 'node:fs'
import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip } from 'node:zlib'

const unpackers: Readonly<Record<string, (options: { chunkSize: number }) => Transform>> = {
  '.gz': createGunzip,
  '.br': createBrotliDecompress,
}

/** The lines of a text file, compressed when its name ends in `.gz` or `.br`, one after the other. Rejects as the file system does. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  const raw = createReadStream(file, { highWaterMark: 1 << 18 })
  const unpack = unpackers[file.slice(-3)]?.({ chunkSize: 1 << 18 })
  if (unpack) raw.on('error', (error) => unpack.destroy(error)).pipe(unpack)
  const stream = unpack ?? raw
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const chunk of stream) {
      rest += decoder.decode(chunk as Uint8Array, { stream: true })
      let start = 0
      for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n', start)) {
        yield rest.slice(start, rest[end - 1] === '\r' ? end - 1 : end)
        start = end + 1
      }
      rest = rest.slice(start)
    }
    rest += decoder.decode()
    if (rest !== '') yield rest.endsWith('\r') ? rest.slice(0, -1) : rest
  } finally {
    raw.destroy()
  }
}
