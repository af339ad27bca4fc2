import { readFile, stat } from 'node:fs/promises'
import type { Ask } from '../ask/request.ts'
import { refused, timed } from './reply.ts'

const mebibyte = 1 << 20

/** Files of the user's own machine, as they name them. */
export const fileSource: Ask = async (request) => {
  if (request.via !== 'file') return refused('not-asked', 'not a file')
  const reply = timed()
  try {
    const found = await stat(request.path)
    if (!found.isFile()) return reply({ status: 1, body: '', stderr: 'not a file' })
    if (found.size > 16 * mebibyte) return refused('unsupported', 'the file is larger than 16 MiB')
    return reply({ status: 0, body: await readFile(request.path, 'utf8') })
  } catch (error) {
    return reply({ status: 1, body: '', stderr: (error as Error).message })
  }
}
