import { short } from '../../discovery.ts'
import { fault, type FixStep } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import { record } from '../../samples.ts'
import { newestWord } from '../../task-events.ts'
import type { AllocRecord, TaskState } from '../../shapes/runtime.ts'
import { quoted } from '../../quoted.ts'

const tried = /Template (?:successfully )?ran script|Template failed to (?:run script|send signals)/
const failed = /Template failed to (?:run script|send signals)|exited with code: [1-9]/

/** The newest word on a script or a signal of a template, where it is a failure. */
function wrong({ tasks }: AllocRecord): { task: TaskState; text: string } | undefined {
  for (const task of tasks) {
    const text = task.events.findLast((event) => tried.test(event.text))?.text
    if (text !== undefined && failed.test(text)) return { task, text }
  }
  return undefined
}

/** Without an end of its own (fail_on_error) the task goes on with what it read before. */
const ended = ({ state, events }: TaskState): boolean =>
  state !== 'running' || /task is being killed/.test(newestWord(events)?.text ?? '')

const scriptOf = (text = ''): string | undefined =>
  /ran script (\S+) with arguments|to run script (\S+)/.exec(text)?.slice(1).find(Boolean)

function scriptSteps(alloc: AllocRecord): readonly FixStep[] {
  const found = wrong(alloc)
  const script = scriptOf(found?.text)
  if (!found || script === undefined)
    return [
      {
        do: 'Name a signal in change_signal that the first process of the task accepts',
        on: 'job file',
        risk: 'The allocation is replaced',
      },
    ]
  const by = allocCommand('exec', alloc, ['-task', found.task.name], script)
  return [
    {
      do: `Run ${script} by hand in the task and mend what it complains about`,
      on: `task ${found.task.name}`,
      run: by,
      risk: 'The command does there what it does after a change',
    },
  ]
}

const saying = (state: string, ...texts: string[]) =>
  record('a1', {
    tasks: [
      {
        name: 'server',
        state,
        failed: false,
        restarts: 0,
        events: texts.map((text, time) => ({ type: 'Template', text, time })),
      },
    ],
  })

export const templateScriptOrSignalFailed = fault({
  id: 'template-script-or-signal-failed',
  about: 'alloc',
  title: 'A template rendered anew, but telling the application failed',
  layer: 'name',
  severity: 'degrades',
  heard: [
    'Template failed to send signals <signal>: <error>',
    'Template ran script <command> with arguments <args> on change but it exited with code: <code>',
    'Template failed to run script <command> with arguments <args>',
    'Template failed to run script <error>',
  ],
  needs: ['alloc.record'],
  holds: ({ 'alloc.record': alloc }) => {
    const found = wrong(alloc)
    return found
      ? {
          says: `Task ${found.task.name} in allocation ${short(alloc.id)} ${ended(found.task) ? 'was ended, because it could not be told of the new text of a template' : 'still works with the old text of a template'}: ${quoted(found.text, 180)}`,
          severity: ended(found.task) ? 'breaks' : 'degrades',
        }
      : false
  },
  byHand:
    'nomad alloc status <alloc>: the newest event of the template names the script or the signal and what it met.',
  explains: [],
  because:
    'With change_mode signal or script Nomad renders the new file and then tells the application: by a signal to its first process, or by a command run inside the task. When the signal cannot be delivered or the command fails, the file is new and the application works with the old one, or is killed where fail_on_error says so.',
  fix: ({ 'alloc.record': alloc }) => [
    ...scriptSteps(alloc),
    {
      do: 'Restart the task once, so that it reads the new file',
      on: 'Nomad',
      run: allocCommand('restart', alloc),
      risk: 'The allocation is away for a moment',
    },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/job-specification/template#change_script-parameters'],
  since: '0.1.0',
  examples: [
    {
      name: 'the script ended with an error',
      given: {
        'alloc.record': saying(
          'running',
          'Template ran script /bin/reload with arguments [] on change but it exited with code: 2',
        ),
      },
      then: 'present',
    },
    {
      name: 'a failing script ends the task, where the job says so',
      given: {
        'alloc.record': saying(
          'running',
          'Template ran script /bin/reload with arguments [] on change but it exited with code: 126',
          'Template script failed, task is being killed',
        ),
      },
      then: 'present',
    },
    {
      name: 'the next time it worked',
      given: {
        'alloc.record': saying(
          'running',
          'Template ran script /bin/reload with arguments [] on change but it exited with code: 2',
          'Template successfully ran script /bin/reload with arguments: []. Exit Code: 0',
        ),
      },
      then: 'absent',
    },
  ],
})
