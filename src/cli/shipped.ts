import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, isAbsolute, join, relative } from 'node:path'
import { nearest } from '../run/nearest.ts'

/** The shipped cases stand beside the package's own folders, whether the program is bundled or not. */
export function caseFolder(): string {
  const near = ['../cases', '../../cases'].map((way) => join(import.meta.dirname, way))
  return near.find((folder) => existsSync(folder)) ?? near[0] ?? 'cases'
}

/** Where a path leads nowhere: the shipped case that is called so, else those with the nearest names, as paths that work here. */
export async function shippedLike(path: string): Promise<readonly string[]> {
  if (existsSync(path)) return []
  const folder = caseFolder()
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const ids = entries.filter((one) => one.isDirectory()).map(({ name }) => name)
  const id = basename(path)
  return (ids.includes(id) ? [id] : nearest(id, ids)).map((one) => fromHere(join(folder, one)))
}

/** A path as it is typed here: relative where it lies below. */
function fromHere(path: string): string {
  const below = relative(process.cwd(), path)
  return below.startsWith('..') || isAbsolute(below) ? path : below
}
