import { spawnSync } from 'node:child_process'
import type { Item } from './item.ts'

function unpacked(): number {
  const { stdout, status, stderr } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`npm pack ended with ${status}: ${stderr}`)
  const [packed] = JSON.parse(stdout) as { unpackedSize: number }[]
  return (packed?.unpackedSize ?? 0) / 1e6
}

export const items: readonly Item[] = [
  { name: 'what npm pack makes, unpacked', limit: 6, unit: 'MB', most: 1, measure: unpacked },
]
