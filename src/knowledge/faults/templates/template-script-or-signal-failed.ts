import { short } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'
import type { AllocRecord, TaskState } from '../../shapes/runtime.ts'

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
  ],
  needs: ['alloc.record'],
  holds: ({ 'alloc.record': alloc }) => {
    const found = wrong(alloc)
    return found
      ? {
          says: `Task ${found.task.name} in allocation ${short(alloc.id)} still works with the old text of a template: ${found.text.slice(0, 180)}`,
          severity: found.task.state === 'running' ? 'degrades' : 'breaks',
        }
      : false
  },
  byHand:
    'nomad alloc status <alloc>: the newest event of the template names the script or the signal and what it met.',
  explains: [],
  because:
    'With change_mode signal or script Nomad renders the new file and then tells the application: by a signal to its first process, or by a command run inside the task. When the signal cannot be delivered or the command fails, the file is new and the application works with the old one, or is killed where fail_on_error says so.',
  fix: ({ 'alloc.record': alloc }) => [
    {
      do: 'Run the command of change_script by hand and mend what it complains about',
      on: `task ${wrong(alloc)?.task.name ?? ''}`,
      run: ['nomad', 'alloc', 'exec', '-task', wrong(alloc)?.task.name ?? 'task', short(alloc.id), 'ls', '/local'],
      risk: 'none for ls; the command itself does what it does',
    },
    {
      do: 'Restart the task once, so that it reads the new file',
      on: 'Nomad',
      run: ['nomad', 'alloc', 'restart', short(alloc.id)],
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
