/** Tasks that end soon after each start, and are started again: whether one runs just now is chance. */
import type { TaskEvent, TaskState } from './shapes/runtime.ts'

/** A start after which a task ends within two minutes is no start: it ends before it was of use. In nanoseconds. */
const soon = 120e9
const minute = 60e9

/** How the newest starts of a task ended, oldest first; those somebody else put an end to are left out. In nanoseconds. */
function runsOf(events: readonly TaskEvent[]): readonly number[] {
  const runs: number[] = []
  let since: number | undefined
  for (const { type, time } of events) {
    if (type === 'Started') since = time
    else if (type === 'Restart Signaled' || type === 'Killing') since = undefined
    else if (type === 'Terminated' && since !== undefined) {
      runs.push(time - since)
      since = undefined
    }
  }
  return runs
}

/**
 * Whether a task that is meant to run ends by itself again and again, as far as the newest ten events show. `asked`: when the
 * servers were asked, as Unix nanoseconds; one that has run twice as long by then as it ever did stays up now.
 */
export function isInLoop({ state, restarts, events }: TaskState, asked: number | undefined): boolean {
  const runs = runsOf(events)
  const longest = Math.max(...runs)
  if (state === 'dead' || restarts < 2 || runs.length < 2 || longest > soon) return false
  if (state !== 'running') return true
  const since = events.findLast(({ type }) => type === 'Started')?.time
  return asked !== undefined && since !== undefined && asked - since <= 2 * longest
}

/** Why what was read of the target and an attempt need not be of the same run of its tasks; undefined where they are. */
export function whyMomentary(tasks: readonly TaskState[], asked: number | undefined): string | undefined {
  const down = tasks.find(({ state, failed }) => state === 'pending' || (state === 'dead' && failed))
  if (down) return `task ${down.name} of the target did not run when the servers were asked`
  const loop = tasks.find((task) => isInLoop(task, asked))
  if (loop) return `task ${loop.name} of the target ends soon after each start: it may have been down when it was tried`
  const young = tasks.find(
    ({ restarts, events }) =>
      restarts > 0 &&
      asked !== undefined &&
      asked - (events.findLast(({ type }) => type === 'Started')?.time ?? 0) < minute,
  )
  return young && `task ${young.name} of the target was started anew less than a minute before`
}
