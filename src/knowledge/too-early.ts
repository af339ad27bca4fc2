/** Tasks that wait for one another: a prestart task has to end before the main tasks start. Pure. */
import { goesFirst, loops } from './said.ts'
import type { GroupSpec } from './shapes/job.ts'
import type { Namespace } from './shapes/port.ts'
import type { AllocRecord } from './shapes/runtime.ts'
import type { Called, Said } from './shapes/said.ts'

/** A task that has to end first calls, on the group's loopback, one that starts only then. */
export function tooEarly(
  calls: readonly Called[],
  listens: readonly Said[],
  { tasks }: GroupSpec,
  spaces: Readonly<Record<string, Namespace>>,
) {
  const first = new Set(tasks.filter(goesFirst).map(({ name }) => name))
  const early = new Set(tasks.filter(({ lifecycle }) => lifecycle?.hook === 'prestart').map(({ name }) => name))
  for (const call of calls.filter(
    ({ task: name, host }) => first.has(name) && loops(host) && spaces[name] === 'group',
  )) {
    const heard = listens.filter(({ port }) => port === call.port)
    const [there] = heard
    if (there && heard.every(({ task: name }) => !early.has(name))) return { call, there }
  }
  return undefined
}

/** Tasks that have to end and have not, and those that were never started because of them. */
export function standing({ tasks }: GroupSpec, alloc: Pick<AllocRecord, 'tasks'>) {
  const state = (name: string) => alloc.tasks.find((one) => one.name === name)
  const first = tasks.filter(goesFirst).flatMap(({ name }) => {
    const own = state(name)
    return own && (own.state === 'running' || (own.state === 'pending' && own.restarts > 0)) ? [name] : []
  })
  const behind = tasks
    .filter(({ lifecycle }) => lifecycle?.hook !== 'prestart')
    .map(({ name }) => name)
    .filter((name) => state(name)?.state === 'pending' && !state(name)?.events.some(({ type }) => type === 'Started'))
  return first.length > 0 && behind.length > 0 ? { first, behind } : undefined
}
