/** What became of a task that is not up. Pure. */
import type { Facts } from './facts.ts'
import { quoted } from './quoted.ts'
import type { TaskState } from './shapes/runtime.ts'

/** What is known of its allocation beside the states of its tasks. */
export interface Told {
  readonly failure: Facts['alloc.driver-failure'] | undefined
  readonly error: Facts['alloc.bind-error'] | undefined
  readonly logs: Facts['alloc.logs'] | undefined
}

/** What its driver said, or how it ended and what it printed last: `: task server ended with exit code 1`; '' when nothing is known. */
export function lastWords(tasks: readonly TaskState[], { failure, error, logs }: Told): string {
  if (failure) return `: ${failure}`
  const task = tasks.find(({ state, failed }) => state !== 'running' && failed) ?? tasks[0]
  const event = task?.events.findLast(({ type }) => type === 'Terminated')?.text
  const code = event === undefined ? undefined : /^Exit Code: (\d+)/.exec(event)?.[1]
  const { stderr = '', stdout = '' } = logs?.[task?.name ?? ''] ?? {}
  const last = error && error.task === task?.name ? error.text : (lastLine(stderr) ?? lastLine(stdout))
  const parts = [
    ...(event ? [`ended ${code === undefined ? `(${quoted(event, 160)})` : `with exit code ${code}`}`] : []),
    ...(last ? [`last said "${quoted(last, 160)}"`] : []),
  ]
  return parts.length > 0 ? `: task ${task?.name ?? ''} ${parts.join(', and ')}` : ''
}

const lastLine = (text: string): string | undefined => text.trim().split('\n').at(-1)?.trim() || undefined
