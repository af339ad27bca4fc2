/** Whether a call on loopback may be meant for the caller's own group, whatever another one declares. Pure. */
import { servicesOf } from './discovery.ts'
import { lasting } from './said.ts'
import type { GroupSpec, TaskSpec } from './shapes/job.ts'
import type { Called, Said } from './shapes/said.ts'

const wordsIn = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 1)

/** Words that stand in the names of anything that is called. */
const plain = new Set('http https grpc tcp udp url uri addr address host port server service web app main'.split(' '))

/** The words by which a group is known: its own name, and those of its tasks, services and ports. */
const namesOf = (group: GroupSpec): ReadonlySet<string> =>
  new Set(
    [
      group.name,
      ...group.tasks.map(({ name }) => name),
      ...servicesOf(group).map(({ name }) => name),
      ...(group.network?.ports ?? []).map(({ label }) => label),
    ].flatMap(wordsIn),
  )

/** What a name says of the other group alone. */
function names(text: string, there: GroupSpec, own: GroupSpec): boolean {
  const [other, self] = [namesOf(there), namesOf(own)]
  return wordsIn(text).some((word) => other.has(word) && !self.has(word) && !plain.has(word))
}

/** `MANAGEMENT_PORT = 8080`: the task is told a port of its own. */
const told = ({ env }: TaskSpec, number: number, there: GroupSpec, own: GroupSpec): boolean =>
  Object.entries(env).some(
    ([name, value]) => /(^|_)PORT$/i.test(name) && value === String(number) && !names(name, there, own),
  )

const known = (task: TaskSpec, listens: readonly Said[]): boolean =>
  listens.some(({ task: by, port, label }) => by === task.name && (port !== undefined || label !== undefined))

/** The call is for the other group: its name says so, or it is known where all tasks of the own group listen. */
export function meantFor(there: GroupSpec, call: Called, listens: readonly Said[], own: GroupSpec): boolean {
  const caller = own.tasks.find(({ name }) => name === call.task)
  if (caller && told(caller, call.port, there, own)) return false
  // The path of an address is of its own choosing: what is before the host counts, a variable and a scheme.
  if (names(call.text.slice(0, Math.max(0, call.text.indexOf(call.host))), there, own)) return true
  const tasks = own.tasks.filter(lasting)
  return tasks.length > 0 && tasks.every((task) => known(task, listens))
}
