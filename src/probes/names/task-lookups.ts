import { look, probe, type Answer } from '../probe.ts'
import { all, fromGetent, fromNslookup } from './lookup.ts'

interface Tried {
  readonly name: string
  readonly nslookup: Answer
  readonly getent: Answer | null
}

/** What the application itself gets: nslookup where the image has it, else getent. */
export const taskLookups = probe({
  id: 'task-lookups',
  about: 'path',
  title: 'Looking the names up inside the source task',
  provides: ['path.lookups.task'],
  given: ['path.names', 'source.alloc.record', 'source.task.spec'],
  cost: 'intrusive',
  read: (ask, _, { 'path.names': names, 'source.alloc.record': { id }, 'source.task.spec': { name: task } }) => {
    const inTask = (...argv: readonly string[]) => look(ask, { via: 'task', alloc: id, task, argv })
    return Promise.all(
      names.map(async (name): Promise<Tried> => {
        const nslookup = await inTask('nslookup', '-type=a', name)
        return { name, nslookup, getent: fromNslookup(name, nslookup) ? null : await inTask('getent', 'hosts', name) }
      }),
    )
  },
  parse: (tried: readonly Tried[]) => {
    const found = tried.map(({ name, nslookup, getent }) =>
      getent
        ? { answer: getent, value: fromGetent(name, getent) }
        : { answer: nslookup, value: fromNslookup(name, nslookup) },
    )
    return { 'path.lookups.task': all('task-lookups', found, 'the source looks up no host name') }
  },
})
