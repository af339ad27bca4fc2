import { spawnSync } from 'node:child_process'
import type { Item } from './item.ts'

let size: number | undefined

/** It does not change from round to round: one packing is enough. */
function unpacked(): number {
  if (size !== undefined) return size
  const { stdout, status, stderr } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`npm pack ended with ${status}: ${stderr}`)
  const [packed] = JSON.parse(stdout) as { unpackedSize: number }[]
  return (size = (packed?.unpackedSize ?? 0) / 1e6)
}

export const items: readonly Item[] = [
  { name: 'what npm pack makes, unpacked', limit: 6, unit: 'MB', measure: unpacked },
]
