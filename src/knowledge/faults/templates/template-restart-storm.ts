import { short } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'
import type { AllocRecord, TaskState } from '../../shapes/runtime.ts'

const minutes = 60e9
const rendered = /Template with change_mode restart re-rendered/

/** Restarts by templates that follow one another within minutes. Nomad keeps the ten newest events of a task. */
const storm = ({ tasks }: AllocRecord): TaskState | undefined =>
  tasks.find(({ events, restarts }) => {
    const times = events.filter(({ text }) => rendered.test(text)).map(({ time }) => time)
    return (
      restarts > 9 && times.some((time, index) => index > 0 && Math.abs(time - (times[index - 1] ?? 0)) < 10 * minutes)
    )
  })

const rerendered = (...times: number[]) =>
  record('a1', {
    tasks: [
      {
        name: 'server',
        state: 'running',
        failed: false,
        restarts: 12,
        events: times.map((time) => ({
          type: 'Restart Signaled',
          text: 'Template with change_mode restart re-rendered',
          time: time * minutes,
        })),
      },
    ],
  })

export const templateRestartStorm = fault({
  id: 'template-restart-storm',
  about: 'alloc',
  title: 'A task is restarted again and again because its template renders anew',
  layer: 'name',
  severity: 'degrades',
  heard: ['Template with change_mode restart re-rendered', 'Restart Signaled'],
  needs: ['alloc.record'],
  holds: ({ 'alloc.record': alloc }) => {
    const task = storm(alloc)
    return task
      ? `Task ${task.name} of ${alloc.job}/${alloc.group} in allocation ${short(alloc.id)} was restarted ${task.restarts} times, the last ones within minutes, because a template rendered anew`
      : false
  },
  byHand:
    'nomad alloc status <alloc>: several "Restart Signaled  Template with change_mode restart re-rendered" within minutes.',
  explains: [],
  because:
    'Unless a template says otherwise, a new text restarts its task. A list of all instances of a service changes whenever one of them comes or goes, a time or an unsorted list at every look. Each restart takes the task away from its callers, and if it is itself listed somewhere, the next task follows.',
  fix: () => [
    {
      do: 'Render only what is needed: one instance (nomadService 1 (env "NOMAD_ALLOC_ID") "<name>"), or a sorted list',
      on: 'job file',
      risk: 'The task restarts once more',
    },
    {
      do: 'Or let the application read the file again: change_mode = "signal" or "script" instead of restart, without env',
      on: 'job file',
      risk: 'The application must support it',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/template#change_mode',
    'https://developer.hashicorp.com/nomad/docs/job-specification/template#wait-parameters',
  ],
  since: '0.1.0',
  examples: [
    { name: 'twice within minutes', given: { 'alloc.record': rerendered(1, 4) }, then: 'present' },
    { name: 'twice in a day', given: { 'alloc.record': rerendered(1, 600) }, then: 'absent' },
    { name: 'never', given: { 'alloc.record': record('a1') }, then: 'absent' },
  ],
})
