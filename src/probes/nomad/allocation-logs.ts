import { nomad } from '../../ask/nomad.ts'
import type { Held } from '../../knowledge/fact.ts'
import type { Facts } from '../../knowledge/facts.ts'
import { held, look, probe, unknown, type Answer } from '../probe.ts'

interface TaskLogs {
  readonly task: string
  readonly stdout: Answer
  readonly stderr: Answer
}

export const allocationLogs = probe({
  id: 'allocation-logs',
  about: 'alloc',
  title: "Reading the newest output of the allocation's tasks",
  provides: ['alloc.logs'],
  given: ['alloc.record'],
  cost: 'slow',
  read: (ask, _, { 'alloc.record': { id, tasks } }): Promise<readonly TaskLogs[]> =>
    Promise.all(
      tasks.map(async ({ name: task }) => {
        const [stdout, stderr] = await Promise.all([
          look(ask, nomad.logs(id, task, 'stdout')),
          look(ask, nomad.logs(id, task, 'stderr')),
        ])
        return { task, stdout, stderr }
      }),
    ),
  parse: (logs: readonly TaskLogs[]) => ({ 'alloc.logs': joined(logs) }),
})

/** A task that never started has no output and is left out; any other refusal leaves the fact unknown. */
const notStarted = ({ refusal, reply }: Answer): boolean => refusal !== null && /not started yet/.test(reply.body)

function joined(logs: readonly TaskLogs[]): Held<Facts['alloc.logs']> {
  const started = logs.filter(({ stdout, stderr }) => !notStarted(stdout) && !notStarted(stderr))
  const refused = started.flatMap(({ stdout, stderr }) => [stdout, stderr]).find(({ refusal }) => refusal !== null)
  if (refused) return unknown(refused)
  const first = (started[0] ?? logs[0])?.stdout
  if (!first) return { known: false, why: 'not-found', detail: 'the allocation has no task yet' }
  const value = Object.fromEntries(
    started.map(({ task, stdout, stderr }) => [task, { stdout: stdout.reply.body, stderr: stderr.reply.body }]),
  )
  const lines = started.map(
    ({ task, stdout, stderr }) => `${task}: ${[...tail(stdout), ...tail(stderr)].join('\n') || 'no output'}`,
  )
  return held('allocation-logs', first, value, lines.join('\n') || 'no task has started yet')
}

const tail = ({ reply }: Answer): readonly string[] =>
  reply.body
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .slice(-3)
