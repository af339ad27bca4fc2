import { nomad } from '../../ask/nomad.ts'
import { mostRendered, renderedPath } from '../../ask/rendered.ts'
import type { Held } from '../../knowledge/fact.ts'
import type { Facts } from '../../knowledge/facts.ts'
import { look, probe, seenIn, unknown, type Answer } from '../probe.ts'

interface File {
  readonly task: string
  readonly destination: string
  readonly answer: Answer
}

export const renderedFiles = probe({
  id: 'rendered-files',
  about: 'alloc',
  title: 'Reading the files that the templates of the tasks wrote',
  provides: ['alloc.rendered'],
  given: ['alloc.record', 'group.spec'],
  cost: 'slow',
  read: (ask, _, { 'alloc.record': { id, tasks }, 'group.spec': group }): Promise<readonly File[]> => {
    const running = new Set(tasks.filter(({ state }) => state === 'running').map(({ name }) => name))
    const files = group.tasks
      .filter(({ name }) => running.has(name))
      .flatMap(({ name: task, templates }) =>
        templates
          .filter(({ env }) => !env)
          .map((template) => ({ task, destination: template.destination, path: renderedPath(task, template) })),
      )
    return Promise.all(
      files.flatMap(({ path, ...file }) =>
        path === null
          ? []
          : [look(ask, nomad.fileStart(id, path, mostRendered)).then((answer) => ({ ...file, answer }))],
      ),
    )
  },
  parse: (files: readonly File[]) => ({ 'alloc.rendered': together(files) }),
})

/** All files or none: a missing one would read like one without addresses. */
function together(files: readonly File[]): Held<Facts['alloc.rendered']> {
  const [first] = files
  if (!first) return { known: false, why: 'not-found', detail: 'no running task has a template whose file may be read' }
  const refused = files.find(({ answer }) => answer.refusal !== null)
  if (refused) return unknown(refused.answer)
  const long = files.find(({ answer }) => answer.reply.body.length >= mostRendered)
  if (long) return unknown(long.answer, 'unsupported', `${long.destination} is larger than 64 KiB: not read`)
  const value: Record<string, Record<string, string>> = {}
  for (const { task, destination, answer } of files) (value[task] ??= {})[destination] = answer.reply.body
  const excerpt = files.map(({ destination, answer }) => `${destination}:\n${answer.reply.body}`).join('\n')
  return { known: true, value, seen: seenIn('rendered-files', first.answer.request, first.answer.reply.at, excerpt) }
}
