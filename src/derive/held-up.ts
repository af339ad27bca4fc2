import type { HeldUp } from '../knowledge/shapes/held-up.ts'
import { standing, tooEarly } from '../knowledge/too-early.ts'
import { derivation, made, notKnown } from './derivation.ts'

/** Whom the question names settles it; otherwise the texts of the job have to say whom the first task calls. */
export const heldUp = derivation({
  provides: 'alloc.held-up',
  about: 'alloc',
  from: ['alloc.record', 'group.spec'],
  maybe: ['group.calls', 'group.listens', 'group.task-namespaces'],
  shows: ['alloc.record', 'group.spec'],
  make: (
    { 'alloc.record': record, 'group.spec': spec },
    { 'group.calls': calls, 'group.listens': listens, 'group.task-namespaces': spaces },
    { names: { calling = '', called = '' } },
  ) => {
    const stands = standing(spec, record)
    if (!stands) return made<HeldUp | null>(null, 'no task waits for another one to end')
    const { first, behind } = stands
    const excerpt = [
      ...first.map((name) => `task ${name}: hook = "prestart", not ended`),
      ...behind.map((name) => `task ${name}: pending, never started`),
    ].join('\n')
    if (first.includes(calling) && behind.includes(called))
      return made<HeldUp | null>({ task: calling, calls: called }, excerpt)
    if (!calls || !listens || !spaces) return notKnown('what the tasks of the group call is not known')
    const found = tooEarly(
      calls.filter(({ task }) => first.includes(task)),
      listens,
      spec,
      spaces,
    )
    return made<HeldUp | null>(
      found && behind.includes(found.there.task)
        ? { task: found.call.task, calls: found.there.task, at: `${found.call.host}:${found.call.port}` }
        : null,
      excerpt,
    )
  },
})
