/** What becomes of the templates of a task. */
import { itemsOf, missingOf } from '../knowledge/task-events.ts'
import { settlesLines } from '../knowledge/template-lines.ts'
import { envError, ofConsul } from '../knowledge/templates.ts'
import type { TaskState, TemplateTrouble } from '../knowledge/shapes/runtime.ts'
import type { TemplateConsul } from '../knowledge/shapes/template.ts'
import { derivation, made, notKnown, type AnyDerivation } from './derivation.ts'

const unreadable = /Template failed to read environment variables: (.*)/s

export const templateDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'alloc.template-trouble',
    about: 'alloc',
    from: ['alloc.record'],
    make: ({ 'alloc.record': { tasks } }) => {
      const found = tasks.flatMap((task) => troubleOf(task) ?? [])
      return made(
        found,
        found.map(({ task, text }) => `task ${task}: ${text}`).join('\n') || 'all templates are rendered',
      )
    },
  }),
  derivation({
    provides: 'alloc.template-consul',
    about: 'alloc',
    from: ['alloc.template-trouble', 'node.consul.fingerprinted'],
    maybe: ['node.consul.answers', 'cluster.services'],
    waits: ['cluster.services'],
    shows: ['alloc.template-trouble', 'node.consul.answers'],
    make: (
      { 'alloc.template-trouble': found, 'node.consul.fingerprinted': fingerprinted },
      { 'node.consul.answers': answers, 'cluster.services': listed },
      { names: { namespace = 'default' } },
    ) => {
      const one = found.find(({ on }) => on.some(ofConsul))
      if (!one) return made<TemplateConsul | null>(null, 'no template waits for Consul')
      const on = one.on.filter(ofConsul)
      const native = listed?.filter((row) => row.namespace === namespace).map(({ name }) => name)
      const names = on.flatMap((item) => serviceOf(item) ?? [])
      const waits = { task: one.task, on, ...(native ? { native: names.filter((name) => native.includes(name)) } : {}) }
      if (!fingerprinted) return made({ ...waits, why: 'none' }, 'no consul.* attributes')
      if (/:8500: connect: connection refused/.test(one.text)) return made({ ...waits, why: 'refused' }, one.text)
      if (answers === undefined) return notKnown('whether a Consul agent answers on the client is not known')
      return answers
        ? made<TemplateConsul | null>(null, 'Consul answers on the client')
        : made({ ...waits, why: 'silent' }, 'nobody answers on 127.0.0.1:8500 of the client')
    },
  }),
  derivation({
    provides: 'alloc.templates',
    about: 'alloc',
    from: ['alloc.template-trouble'],
    make: ({ 'alloc.template-trouble': found }) =>
      found.find(({ kind }) => kind === 'failed')?.kind ?? found[0]?.kind ?? 'rendered',
  }),
  derivation({
    provides: 'alloc.template-asks',
    about: 'alloc',
    from: ['alloc.template-trouble'],
    make: ({ 'alloc.template-trouble': found }) =>
      found.some(({ on }) => on.some(ofConsul)) ? 'consul' : found.length > 0 ? 'others' : 'nobody',
  }),
  derivation({
    provides: 'task.env-file-error',
    about: 'task',
    from: ['task.spec'],
    maybe: ['group.current', 'task.started'],
    make: ({ 'task.spec': { name, templates } }, { 'group.current': records, 'task.started': started }, { draft }) => {
      const files = templates.filter(({ env }) => env)
      const wrong = files
        .map(({ data, destination }) => ({ destination, error: envError(data) }))
        .find((one) => one.error)
      // Of what runs the client's own word counts.
      if (wrong?.error && !started) return notKnown('whether the task has started all the same is not known')
      if (wrong?.error && started === 'no') {
        const { destination, error } = wrong
        return made(`${destination}: ${error.why} in "${error.line}"`, `${destination}: ${error.line}`)
      }
      if (files.length === 0) return made(null, `task ${name} has no template with env = true`)
      if (draft && files.every(({ data }) => settlesLines(data))) return made(null, 'every line reads NAME=value')
      if (!records) return notKnown('what the client made of the rendered file is not known')
      const said = records.flatMap(({ tasks }) =>
        tasks.filter((task) => task.name === name && task.state !== 'running'),
      )
      const text = said.flatMap(({ events }) => events.findLast((event) => unreadable.test(event.text))?.text ?? [])[0]
      const why = text === undefined ? undefined : unreadable.exec(text)?.[1]
      return why === undefined ? made(null, 'its variables are read') : made(why, text ?? '')
    },
  }),
]

/** The newest word of a task that does not run: data is missing, or a template failed. */
function troubleOf(task: TaskState): TemplateTrouble | undefined {
  const { name, state, events } = task
  if (state === 'running') return undefined
  const waits = missingOf(task)
  if (waits) return { task: name, kind: 'waiting', on: itemsOf(waits.missing), text: waits.text }
  const started = events.findLastIndex(({ type }) => type === 'Started')
  const failed =
    events.slice(started + 1).findLast(({ text }) => /Template failed\b/.test(text)) ??
    events.findLast(({ type, text }) => type === 'Killing' && /Template failed\b/.test(text))
  if (!failed) return undefined
  const on = /Template failed: ([a-z][a-z.]+\([^)]*\))/.exec(failed.text)?.[1]
  return { task: name, kind: 'failed', on: on === undefined ? [] : [on], text: failed.text }
}

/** `health.service(v1.orders@dc2|passing)`: the name of the service it asks for. */
const serviceOf = (item: string): string | undefined =>
  /^health\.service\((?:[^@|)]*\.)?([^.@|)]+)[^)]*\)/.exec(item)?.[1]
