import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'

/** The lines of a text file, gzipped when its name ends in `.gz`, one after the other. Rejects as the file system does. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  const raw = createReadStream(file, { highWaterMark: 1 << 18 })
  const stream = file.endsWith('.gz') ? createGunzip({ chunkSize: 1 << 18 }) : raw
  if (stream !== raw) {
    raw.on('error', (error) => stream.destroy(error))
    raw.pipe(stream as ReturnType<typeof createGunzip>)
  }
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
