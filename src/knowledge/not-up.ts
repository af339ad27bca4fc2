/** What becomes of tasks that are not up, at either end of a path. */
import type { World } from './fact.ts'
import type { Need, NeedValue } from './facts.ts'
import { lastWords } from './last-words.ts'
import { resolve } from './resolve.ts'
import { isInLoop } from './restart-loop.ts'
import type { TaskState } from './shapes/runtime.ts'
import type { Thing } from './things.ts'

export type Know = <N extends Need>(need: N) => NeedValue<N> | undefined
/** What is known from one thing. */
export const knowing =
  (thing: Thing, world: World): Know =>
  (need) => {
    const held = resolve(world, thing, need)
    return held.state === 'known' ? (held.value as never) : undefined
  }
type End = 'source' | 'target'

export const why = (know: Know, tasks: readonly TaskState[], end: End = 'target'): string =>
  lastWords(tasks, {
    failure: know(`${end}.alloc.driver-failure`),
    error: know(`${end}.alloc.bind-error`),
    logs: know(`${end}.alloc.logs`),
  })

/** That a task of one end ends again and again, whether or not it is up just now. */
export function loopOf(know: Know, end: End): string | undefined {
  const record = know(`${end}.alloc.record`)
  const task = record?.tasks.find((one) => isInLoop(one, know(`${end}.alloc.asked`)))
  if (!record || !task) return undefined
  const alloc = `allocation ${record.id.slice(0, 8)} of ${record.job}/${record.group}`
  return `task ${task.name} of ${alloc} ends soon after each start, with ${task.restarts} restarts so far${why(know, [task], end)}`
}
