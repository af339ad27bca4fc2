/** The events of a task, oldest first, as a client writes them and the servers keep the newest ten. */
import type { TaskEvent, TaskState } from './shapes/runtime.ts'

/** Written by what watches a deployment, not by the task: it comes after `healthy_deadline` whatever keeps the task. Source: client/allochealth/tracker.go */
const aside: ReadonlySet<string> = new Set(['Alloc Unhealthy'])

/** The newest word on the task itself. */
export const newestWord = (events: readonly TaskEvent[]): TaskEvent | undefined =>
  events.findLast(({ type }) => !aside.has(type))

/** What the templates of a task wait for. A template that rendered leaves no word; what comes next does: an image, a start. */
export function missingOf({
  state,
  events,
}: TaskState): { readonly text: string; readonly missing: string } | undefined {
  const word = state === 'pending' ? newestWord(events) : undefined
  const missing = word?.type === 'Template' ? /^Missing: (.*)/s.exec(word.text)?.[1] : undefined
  return word && missing !== undefined ? { text: word.text, missing } : undefined
}

/** The single things such a list names; Nomad counts the rest of a long one: "and 3 more". */
export const itemsOf = (missing: string): readonly string[] =>
  missing.split(', ').filter((item) => !item.startsWith('and '))
