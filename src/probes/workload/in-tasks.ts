/** One command inside each running task of an allocation. Runs in the workload: needs consent. */
import type { Held } from '../../knowledge/fact.ts'
import type { FactKey, Facts, Given } from '../../knowledge/facts.ts'
import type { Kind } from '../../knowledge/things.ts'
import { look, probe, seenIn, unknown, type Answer, type AnyProbe } from '../probe.ts'

interface InTasks<K extends FactKey, T> {
  readonly id: string
  readonly title: string
  readonly provides: K
  readonly argv: readonly string[]
  readonly make: (text: string) => T
  /** Whether nothing of the answer was lost on the way; not asked when left out. */
  readonly whole?: (text: string) => boolean
}

type Replies = readonly (readonly [task: string, answer: Answer])[]

export const inTasks = <const K extends FactKey, T>(spec: InTasks<K, T>): AnyProbe =>
  probe<K, 'alloc.record', Replies>({
    id: spec.id,
    about: 'alloc' satisfies Kind,
    title: spec.title,
    provides: [spec.provides],
    given: ['alloc.record'],
    cost: 'intrusive',
    read: (ask, { names }, { 'alloc.record': { tasks } }: Given<'alloc.record'>) =>
      Promise.all(
        tasks
          .filter(({ state }) => state === 'running')
          .map(async ({ name }) => {
            const request = { via: 'task', alloc: names.alloc ?? '', task: name, argv: spec.argv } as const
            return [name, await look(ask, request)] as const
          }),
      ),
    parse: (replies) => ({ [spec.provides]: together(spec, replies) }) as { readonly [P in K]: Held<Facts[P]> },
  })

/** All tasks or none: half of an allocation's tasks would read like all of them. An empty success proves nothing. */
function together<K extends FactKey, T>(
  { id, make, whole = () => true }: InTasks<K, T>,
  replies: Replies,
): Held<Readonly<Record<string, T>>> {
  const [first] = replies
  if (!first) return { known: false, why: 'not-found', detail: 'no task of the allocation is running' }
  const refused = replies.find(([, { refusal }]) => refusal !== null)
  if (refused) return unknown(refused[1])
  const empty = replies.find(([, { reply }]) => reply.body === '')
  if (empty) return unknown(empty[1], 'failed', `task ${empty[0]} gave an empty answer, which proves nothing`)
  const cut = replies.find(([, { reply }]) => !whole(reply.body))
  if (cut) return unknown(cut[1], 'failed', `the answer of task ${cut[0]} is cut short`)
  const value = Object.fromEntries(replies.map(([task, { reply }]) => [task, make(reply.body)]))
  const excerpt = replies.map(([task, { reply }]) => `${task}:\n${reply.body}`).join('\n')
  return { known: true, value, seen: seenIn(id, first[1].request, first[1].reply.at, excerpt) }
}
