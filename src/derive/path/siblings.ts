/** A task that is called by its own name, as in a compose file: no address, and still whom the caller means. */
import { dialledIn } from '../../knowledge/dialled-host.ts'
import type { GroupSpec, TaskSpec, TaskText } from '../../knowledge/shapes/job.ts'
import type { Place } from './literals.ts'

/** Places that a text of the task dials by the name of another task of its group. */
export const siblingsIn = (text: TaskText, { name: own }: TaskSpec, { tasks }: GroupSpec): readonly Place[] =>
  tasks
    .filter(({ name }) => name !== own && name !== 'localhost')
    .flatMap(({ name: host }) =>
      dialledIn(text, host).map(({ tail }): Place => {
        const port = Number(tail.slice(1))
        return port > 0 ? { host, port } : { host }
      }),
    )
