import { edits, set } from '../../edit.ts'
import type { Namespace } from '../../shapes/port.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { Called, Said } from '../../shapes/said.ts'
import { goesFirst, loops } from '../../said.ts'
import { called, said } from '../../said-samples.ts'
import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import type { TaskState } from '../../shapes/runtime.ts'
import { group, record, task } from '../../samples.ts'

const running: TaskState = {
  name: 'migrate',
  state: 'running',
  failed: false,
  restarts: 0,
  events: [{ type: 'Started', text: '', time: 1 }],
}
const waiting: TaskState = {
  name: 'db',
  state: 'pending',
  failed: false,
  restarts: 0,
  events: [{ type: 'Received', text: '', time: 1 }],
}
const prestart = { hook: 'prestart', sidecar: false }

/** A task that has to end first calls, on the group's loopback, one that starts only then. */
function tooEarly(
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

export const siblingNotUpYet = fault({
  id: 'sibling-not-up-yet',
  about: 'path',
  title: 'The caller runs before the task it calls, which waits for it to end',
  layer: 'job',
  severity: 'breaks',
  heard: ['dial tcp 127.0.0.1:<port>: connect: connection refused', 'task "<task>" not started yet. No logs available'],
  onlyWhen: { 'path.place': ['same-alloc'] },
  needs: ['source.task.spec', 'target.task.spec', 'target.alloc.record'],
  holds: ({ 'source.task.spec': from, 'target.task.spec': to, 'target.alloc.record': alloc }) => {
    const before = from.lifecycle?.hook === 'prestart' && !from.lifecycle.sidecar
    const after = to.lifecycle === undefined || to.lifecycle.hook !== 'prestart'
    const [caller, server] = [from, to].map(({ name }) => alloc.tasks.find((task) => task.name === name))
    const never =
      server !== undefined && server.state === 'pending' && !server.events.some(({ type }) => type === 'Started')
    return before && after && never && caller !== undefined && (caller.state === 'running' || caller.restarts > 0)
      ? `Task ${from.name} is a prestart task and calls ${to.name}, which starts only after ${from.name} has ended: both wait for each other`
      : false
  },
  byHand: 'nomad alloc status <alloc>: the prestart task runs, the others are pending and were never started.',
  explains: [],
  because:
    'Tasks of a group start in the order of their lifecycle hooks: prestart tasks first, and unless they are sidecars the main tasks wait until all of them have ended well. A prestart task that needs a main task of its own group therefore waits for something that waits for it. Main tasks start together, in no guaranteed order: there a retry is enough.',
  fix: ({ 'source.task.spec': from, 'target.task.spec': to, 'target.alloc.record': record }) => [
    {
      do: `Give task ${to.name} a lifecycle block with hook = "prestart" and sidecar = true, so that it runs before ${from.name} ends; or run ${from.name} as poststart, or as part of the main task`,
      on: 'job file',
      risk: 'The allocation is replaced',
    },
    {
      do: 'Stop the hanging allocation: a change of lifecycle alone is made in place',
      on: 'job',
      run: allocCommand('stop', record),
      risk: 'The allocation is replaced',
    },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/job-specification/lifecycle'],
  versions: { nomad: '>= 0.11.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'a migration waits for the database of its group',
      given: {
        'path.place': 'same-alloc',
        'source.task.spec': task({ name: 'migrate', lifecycle: prestart }),
        'target.task.spec': task({ name: 'db' }),
        'target.alloc.record': record('a1', { tasks: [running, waiting] }),
      },
      then: 'present',
    },
    {
      name: 'the database is a prestart sidecar',
      given: {
        'path.place': 'same-alloc',
        'source.task.spec': task({ name: 'migrate', lifecycle: prestart }),
        'target.task.spec': task({ name: 'db', lifecycle: { hook: 'prestart', sidecar: true } }),
        'target.alloc.record': record('a1', { tasks: [running, waiting] }),
      },
      then: 'absent',
    },
    {
      name: 'the caller is in another allocation',
      given: {
        'path.place': 'same-client',
        'source.task.spec': task({ name: 'migrate', lifecycle: prestart }),
        'target.task.spec': task({ name: 'db' }),
        'target.alloc.record': record('a1', { tasks: [running, waiting] }),
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    needs: ['group.calls', 'group.listens', 'group.spec', 'group.task-namespaces'],
    shows: ['group.calls', 'group.spec'],
    holds: ({
      'group.calls': calls,
      'group.listens': listens,
      'group.spec': spec,
      'group.task-namespaces': spaces,
    }) => {
      const found = tooEarly(calls, listens, spec, spaces)
      return found
        ? {
            says: `Task ${found.call.task} has to end before task ${found.there.task} starts, and calls it at ${found.call.host}:${found.call.port}`,
            at: spec.tasks.find(({ name }) => name === found.call.task)?.lifecycle ?? found.call.at,
          }
        : false
    },
    fix: ({ 'group.calls': calls, 'group.listens': listens, 'group.spec': spec, 'group.task-namespaces': spaces }) => {
      const found = tooEarly(calls, listens, spec, spaces)
      const first = spec.tasks.find(({ name }) => name === found?.call.task)
      return [
        {
          do: `Give task ${found?.call.task ?? ''} hook = "poststart"; or make ${found?.there.task ?? 'the server'} a prestart task with sidecar = true`,
          on: 'job file',
          risk: 'The allocation is replaced',
          ...edits(first?.lifecycle && [set(first.lifecycle, 'hook', 'poststart')], 'the lifecycle is not written out'),
        },
      ]
    },
    meets: (
      { 'source.task.spec': from, 'target.task.spec': to },
      { 'group.calls': calls, 'group.listens': listens, 'group.spec': spec, 'group.task-namespaces': spaces },
    ) => {
      const found = tooEarly(calls, listens, spec, spaces)
      return found?.call.task === from.name && found.there.task === to.name
    },
    examples: [
      {
        name: 'the migration waits for the database',
        given: {
          'group.calls': [called({ task: 'migrate', port: 5432 })],
          'group.listens': [said({ task: 'db', port: 5432 })],
          'group.spec': group({ tasks: [task({ name: 'migrate', lifecycle: prestart }), task({ name: 'db' })] }),
          'group.task-namespaces': { migrate: 'group', db: 'group' },
        },
        then: 'present',
      },
      {
        name: 'the database is a sidecar that starts first',
        given: {
          'group.calls': [called({ task: 'migrate', port: 5432 })],
          'group.listens': [said({ task: 'db', port: 5432 })],
          'group.spec': group({
            tasks: [
              task({ name: 'migrate', lifecycle: prestart }),
              task({ name: 'db', lifecycle: { hook: 'prestart', sidecar: true } }),
            ],
          }),
          'group.task-namespaces': { migrate: 'group', db: 'group' },
        },
        then: 'absent',
      },
    ],
  },
})
