import { edits, set } from '../../edit.ts'
import { called, said } from '../../said-samples.ts'
import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import { tooEarly } from '../../too-early.ts'
import { group, record, task } from '../../samples.ts'

const prestart = { hook: 'prestart', sidecar: false }

export const siblingNotUpYet = fault({
  id: 'sibling-not-up-yet',
  about: 'alloc',
  title: 'The caller runs before the task it calls, which waits for it to end',
  layer: 'job',
  severity: 'breaks',
  heard: ['dial tcp 127.0.0.1:<port>: connect: connection refused', 'task "<task>" not started yet. No logs available'],
  needs: ['alloc.held-up', 'alloc.record'],
  holds: ({ 'alloc.held-up': found }) =>
    found
      ? `Task ${found.task} is a prestart task and calls ${found.calls}${found.at === undefined ? '' : ` at ${found.at}`}, which starts only after ${found.task} has ended: both wait for each other`
      : false,
  byHand: 'nomad alloc status <alloc>: the prestart task runs, the others are pending and were never started.',
  explains: [],
  because:
    'Tasks of a group start in the order of their lifecycle hooks: prestart tasks first, and unless they are sidecars the main tasks wait until all of them have ended well. A prestart task that needs a main task of its own group therefore waits for something that waits for it. Main tasks start together, in no guaranteed order: there a retry is enough.',
  fix: ({ 'alloc.held-up': found, 'alloc.record': record }) => [
    {
      do: `Give task ${found?.calls ?? ''} a lifecycle block with hook = "prestart" and sidecar = true, so that it runs before ${found?.task ?? ''} ends; or run ${found?.task ?? ''} as poststart, or as part of the main task`,
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
      given: { 'alloc.record': record('a1'), 'alloc.held-up': { task: 'migrate', calls: 'db', at: '127.0.0.1:5432' } },
      then: 'present',
    },
    {
      name: 'no task waits for one that calls it',
      given: { 'alloc.record': record('a1'), 'alloc.held-up': null },
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
      { 'alloc.held-up': held },
      { 'group.calls': calls, 'group.listens': listens, 'group.spec': spec, 'group.task-namespaces': spaces },
    ) => {
      const found = tooEarly(calls, listens, spec, spaces)
      return found !== undefined && found.call.task === held?.task && found.there.task === held.calls
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
