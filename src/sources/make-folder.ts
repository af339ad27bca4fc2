import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it, for this user alone if `mode` says so; throws where that is not possible. One at a
 * time: Node's own recursive way never ends in a folder that denies that it exists, as /proc does.
 */
export function makeFolder(folder: string, mode?: number): void {
  if (existsSync(folder)) return
  const above = dirname(folder)
  if (above !== folder) makeFolder(above, mode)
  mkdirSync(folder, mode)
}
