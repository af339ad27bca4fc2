import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sayError } from './reply.ts'
import { readDecoded, streamDecoded, type Decoded } from './text-file.ts'

/** A file as it was read, or why it was not. */
export type FoundFile =
  | (Decoded & { readonly name: string; readonly walked?: true })
  | { readonly name: string; readonly refused: string }
  /** A file of a folder that is named like none of these. */
  | { readonly name: string; readonly other: true }

const likely = /\.(nomad|job|hcl|json|conflist|conf)$/

/** Files as they are named; folders walked for files that may be jobs, agents or networks; `-` is the standard input. */
export async function* jobFiles(paths: readonly string[]): AsyncGenerator<FoundFile> {
  for (const path of paths) {
    if (path === '-') yield await attempt('<stdin>', () => streamDecoded(process.stdin))
    else if (await isFolder(path)) yield* inside(path)
    else yield await attempt(path, () => readDecoded(path))
  }
}

const isFolder = async (path: string): Promise<boolean> => {
  const found = await stat(path).catch(() => null)
  return found?.isDirectory() === true
}

async function* inside(folder: string): AsyncGenerator<FoundFile> {
  const entries = []
  try {
    for await (const entry of await opendir(folder)) entries.push(entry)
  } catch (error) {
    yield { name: folder, refused: sayError(error) }
    return
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
    if (entry.isDirectory()) yield* inside(path)
    else if (entry.isFile() && !likely.test(entry.name)) yield { name: path, other: true }
    else if (entry.isFile()) {
      const file = await attempt(path, () => readDecoded(path))
      yield 'text' in file ? { ...file, walked: true } : file
    }
  }
}

async function attempt(name: string, read: () => Promise<Decoded>): Promise<FoundFile> {
  try {
    const { text, broken } = await read()
    return { name, text: text.replace(/^\uFEFF/, ''), broken }
  } catch (error) {
    return { name, refused: sayError(error) }
  }
}
