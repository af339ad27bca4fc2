import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nomad } from '../../src/ask/nomad.ts'
import type { Request } from '../../src/ask/request.ts'

const at = '2026-01-01T04:13:07.000Z'
const line = (ask: Request, body: unknown): string =>
  JSON.stringify({ ask, at, ms: 4, status: 200, body: JSON.stringify(body) })

const node = (id: string) => ({
  ID: id.repeat(8),
  Name: `c${id}`,
  Status: 'ready',
  SchedulingEligibility: 'eligible',
  Address: `10.0.0.${id}`,
  Datacenter: 'dc1',
  Version: '2.0.5',
})

const job = (id: string) => ({
  ID: id,
  Namespace: 'default',
  Type: 'service',
  Status: 'running',
  JobSummary: { JobID: id, Namespace: 'default', Summary: { [id]: { Running: 1 } } },
})

/** A folder with one small case: two clients, two jobs in the list, nothing else recorded. */
export function tinyCases(): { folder: string; dir: string } {
  const folder = mkdtempSync(join(tmpdir(), 'netdoctor-cases-'))
  const dir = join(folder, 'tiny')
  mkdirSync(dir)
  const info = {
    id: 'tiny',
    title: 'web cannot reach api',
    what: 'Since this morning every request of web to api is refused.',
    symptom: 'cannot-connect',
    subject: { from: { job: 'web', group: 'web' }, to: { job: 'api', group: 'api' }, port: 'http' },
  }
  writeFileSync(join(dir, 'case.json'), JSON.stringify(info))
  const lines = [line(nomad.nodes(), [node('1'), node('2')]), line(nomad.allJobs(), ['web', 'api'].map(job))]
  writeFileSync(join(dir, 'replies.jsonl'), `${lines.join('\n')}\n`)
  return { folder, dir }
}
