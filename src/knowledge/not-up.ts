/** What becomes of tasks that are not up. */
import type { Need, NeedValue } from './facts.ts'
import { lastWords } from './last-words.ts'
import type { TaskState } from './shapes/runtime.ts'

export type Know = <N extends Need>(need: N) => NeedValue<N> | undefined

export const why = (know: Know, tasks: readonly TaskState[]): string =>
  lastWords(tasks, {
    failure: know('target.alloc.driver-failure'),
    error: know('target.alloc.bind-error'),
    logs: know('target.alloc.logs'),
  })
