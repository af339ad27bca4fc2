/**
 * Against a live cluster: does a captured case replay to the report that was seen live?
 *   node scripts/capture-check.ts --from web/frontend --to api --port http [--ssh … --yes …]
 * Takes the flags of `diagnose`; the cluster is found by the usual variables.
 */
import { execa } from 'execa'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const flags = process.argv.slice(2)
const run = (...argv: string[]) =>
  execa('tsx', ['src/main.ts', ...argv], { reject: false, preferLocal: true, stderr: 'inherit' })
const reportOf = async (...argv: string[]): Promise<Json> => {
  const { stdout } = await run('diagnose', ...argv, '--format', 'json')
  return JSON.parse(stdout) as Json
}

/** Where two reports differ, but for the place looked at and what changes while looking. */
function differences(one: Json | undefined, other: Json | undefined, at = ''): string[] {
  if (/\.(at|source|excerpt)$/.test(at)) return []
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other ? [] : [`${at}: ${JSON.stringify(one)} | ${JSON.stringify(other)}`]
  const [a, b] = [one as Record<string, Json>, other as Record<string, Json>]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    differences(a[key], b[key], `${at}.${key}`),
  )
}

const folder = await mkdtemp(join(tmpdir(), 'netdoctor-capture-'))
const dir = join(folder, 'case')
try {
  const captured = await run('capture', '-o', dir, ...flags)
  if (captured.exitCode !== 0) throw new Error('nothing was captured')
  const live = await reportOf(...flags)
  const found = differences(live, await reportOf('--case', dir))
  process.stdout.write(`${found.length === 0 ? 'the case replays to the same report' : found.join('\n')}\n`)
  process.exitCode = found.length === 0 ? 0 : 1
} finally {
  await rm(folder, { recursive: true, force: true })
}
