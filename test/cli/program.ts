import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** Runs the built program without a terminal, with a clean environment. */
export async function program(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { PATH = '', HOME = tmpdir() } = process.env
  const child = spawn(process.execPath, ['bin/nomad-netdoctor.js', ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, HOME, LANG: 'C.UTF-8', ...env },
  })
  const code = new Promise<number | null>((done) => child.on('close', done))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await code, stdout, stderr }
}

const at = '2026-11-21T05:00:00.000Z'
export interface Line {
  readonly path: string
  readonly status?: number
  readonly body: unknown
}

/** Writes a small case folder and returns its path. Bodies that are not text are written as JSON. */
export function smallCase(
  lines: readonly Line[] | string,
  info: Readonly<Record<string, unknown>> | string = {},
): string {
  const dir = mkdtempSync(join(tmpdir(), 'netdoctor-case-'))
  const replies =
    typeof lines === 'string'
      ? lines
      : lines
          .map(({ path, status = 200, body }) =>
            JSON.stringify({
              ask: { via: 'nomad', path },
              at,
              ms: 1,
              status,
              body: typeof body === 'string' ? body : JSON.stringify(body),
              stderr: '',
            }),
          )
          .join('\n')
  writeFileSync(join(dir, 'replies.jsonl'), replies)
  const subject = { from: { job: 'web', group: 'web' }, to: { job: 'api', group: 'api' }, port: 'http' }
  writeFileSync(
    join(dir, 'case.json'),
    typeof info === 'string'
      ? info
      : JSON.stringify({ id: 'small', title: 'a small case', what: '', symptom: 'cannot-connect', subject, ...info }),
  )
  return dir
}

/** A job as the API lists and describes it. */
export const jobLines = (id: string, group = id): readonly Line[] => [
  {
    path: `/v1/job/${id}`,
    body: {
      ID: id,
      Name: id,
      Namespace: 'default',
      Type: 'service',
      Status: 'running',
      Version: 0,
      TaskGroups: [
        {
          Name: group,
          Count: 1,
          Networks: [{ Mode: 'bridge' }],
          Tasks: [{ Name: 'main', Driver: 'docker', Config: {} }],
        },
      ],
    },
  },
  { path: `/v1/job/${id}/allocations?all=true`, body: [] },
]
export const listed = (...ids: readonly string[]): Line => ({
  path: '/v1/jobs?meta=true',
  body: ids.map((ID) => ({
    ID,
    Name: ID,
    Namespace: 'default',
    Type: 'service',
    Status: 'running',
    JobSummary: { Summary: {} },
  })),
})
