import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { Item } from './item.ts'

// What other runs kept of the program would be measured, too.
const cache = mkdtempSync(join(tmpdir(), 'netdoctor-bench-cache-'))
process.on('exit', () => rmSync(cache, { recursive: true, force: true }))

/** What every other figure is measured against: Node starting and doing nothing. */
export const floor = (): number => milliseconds(['-e', '0'])

export const items: readonly Item[] = [
  {
    name: 'nomad-netdoctor --version',
    limit: 1.5,
    unit: 'ratio',
    measure: () => milliseconds(['bin/nomad-netdoctor.js', '--version']),
  },
  {
    name: 'nomad-netdoctor --help',
    limit: 1.5,
    unit: 'ratio',
    measure: () => milliseconds(['bin/nomad-netdoctor.js', '--help']),
  },
  {
    name: 'diagnose a recorded case, start to exit',
    limit: 6,
    unit: 'ratio',
    measure: () => milliseconds(['bin/nomad-netdoctor.js', 'diagnose', '--case', 'cases/wrong-to-port'], 1),
  },
]

/** How long this same Node takes from start to exit. */
export function milliseconds(argv: readonly string[], expected = 0): number {
  const { NODE_OPTIONS: _, ...env } = process.env
  const start = performance.now()
  const { status, stderr } = spawnSync(process.execPath, argv, {
    env: { ...env, XDG_CACHE_HOME: cache },
    encoding: 'utf8',
  })
  const took = performance.now() - start
  if (status !== expected) throw new Error(`node ${argv.join(' ')} ended with ${status}: ${stderr}`)
  return took
}
