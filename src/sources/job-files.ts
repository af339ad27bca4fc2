import { opendir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sayError } from './reply.ts'

/** A file as it was read, or why it was not. */
export type FoundFile =
  | { readonly name: string; readonly text: string; readonly walked?: true }
  | { readonly name: string; readonly refused: string }

const likely = /\.(nomad|hcl|json|conflist|conf)$/
const largest = 5_000_000

/** Files as they are named; folders walked for files that may be jobs, agents or networks; `-` is the standard input. */
export async function* jobFiles(paths: readonly string[]): AsyncGenerator<FoundFile> {
  for (const path of paths) {
    if (path === '-') yield await attempt('<stdin>', () => text(process.stdin))
    else if (await isFolder(path)) yield* inside(path)
    else yield await attempt(path, () => small(path))
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
    else if (entry.isFile() && likely.test(entry.name)) {
      const file = await attempt(path, () => small(path))
      yield 'refused' in file ? file : { ...file, walked: true }
    }
  }
}

async function small(path: string): Promise<string> {
  const { size } = await stat(path)
  if (size > largest) throw new Error(`it has ${size} bytes: too large for a job file`)
  const text = await readFile(path, 'utf8')
  if (text.includes('\0')) throw new Error('this is not text')
  return text
}

async function attempt(name: string, read: () => Promise<string>): Promise<FoundFile> {
  try {
    return { name, text: (await read()).replace(/^\uFEFF/, '') }
  } catch (error) {
    return { name, refused: sayError(error) }
  }
}

async function text(stream: NodeJS.ReadStream): Promise<string> {
  let all = ''
  stream.setEncoding('utf8')
  for await (const chunk of stream) {
    all += String(chunk)
    if (all.length > largest) throw new Error('too large for a job file')
  }
  return all
}
