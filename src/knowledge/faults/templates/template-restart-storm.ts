import { short } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'
import type { AllocRecord } from '../../shapes/runtime.ts'

const second = 1e9
const minute = 60 * second
const rendered = /Template with change_mode restart re-rendered/

/** What happened longer ago than this is over. */
const lately = 10 * minute
/** So many restarts may be a few deployments of what a template lists. */
const few = 9
/** Callers lose a task that is restarted so often, on average over its life, and now. */
const often = 2 * minute

interface Storm {
  readonly task: string
  readonly restarts: number
  /** Since the allocation was made, in nanoseconds. */
  readonly life: number
  /** Those of the restarts whose events say that a template rendered anew, within the last minutes. */
  readonly recent: number
  readonly span: number
  readonly lasting: boolean
}

/**
 * A task with many restarts, several of them by templates lately. It lasts when restarts are frequent now and were so
 * over the whole life; a burst alone may be a deployment of what the template lists. Nomad keeps the ten newest events
 * of a task, about two or three restarts, and one number of all restarts.
 */
function storm({ tasks, createTime }: AllocRecord, asked: number): Storm | undefined {
  const found = tasks.flatMap(({ name: task, state, events, restarts }): readonly Storm[] => {
    const times = events
      .filter(({ text, time }) => rendered.test(text) && asked - time < lately)
      .map(({ time }) => time)
    if (state === 'dead' || restarts <= few || times.length < 2) return []
    const life = asked - createTime
    const span = Math.max(...times) - Math.min(...times)
    const lasting =
      createTime > 0 &&
      life <= restarts * often &&
      span <= (times.length - 1) * often &&
      asked - Math.max(...times) <= 2 * often
    return [{ task, restarts, life, recent: times.length, span, lasting }]
  })
  return found.find(({ lasting }) => lasting) ?? found[0]
}

const units = [
  ['day', 1440 * minute],
  ['hour', 60 * minute],
  ['minute', minute],
] as const

/** A duration in its largest unit that fits twice: 90 seconds, 38 minutes, 3 days. */
function time(length: number): string {
  const [unit, size] = units.find(([, one]) => length >= 2 * one) ?? ['second', second]
  const count = Math.max(0, Math.round(length / size))
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** Restarted so often in so many minutes, and re-rendered so many minutes before it was asked about. */
const rerendered = (restarts: number, life: number, ...before: number[]) => ({
  'alloc.asked': (life + 1) * minute,
  'alloc.record': record('a1', {
    createTime: minute,
    tasks: [
      {
        name: 'server',
        state: 'running',
        failed: false,
        restarts,
        events: before.map((ago) => ({
          type: 'Restart Signaled',
          text: 'Template with change_mode restart re-rendered',
          time: (life + 1 - ago) * minute,
        })),
      },
    ],
  }),
})

export const templateRestartStorm = fault({
  id: 'template-restart-storm',
  about: 'alloc',
  title: 'A task is restarted again and again because its template renders anew',
  layer: 'name',
  severity: 'degrades',
  heard: ['Template with change_mode restart re-rendered', 'Restart Signaled'],
  needs: ['alloc.record', 'alloc.asked'],
  shows: ['alloc.record'],
  holds: ({ 'alloc.record': alloc, 'alloc.asked': asked }) => {
    const found = storm(alloc, asked)
    if (!found) return false
    const { task, restarts, life, recent, span, lasting } = found
    const since = alloc.createTime > 0 ? ` within ${time(life)}` : ''
    const says = `Task ${task} of ${alloc.job}/${alloc.group} in allocation ${short(alloc.id)} was restarted ${restarts} times${since}; its newest events show ${recent} restarts within ${time(span)} because a template rendered anew`
    return lasting ? says : { says, severity: 'risks' }
  },
  byHand:
    'nomad alloc status <alloc>: several "Restart Signaled  Template with change_mode restart re-rendered" within minutes, and a Total Restarts that is high for the age of the allocation.',
  intended: 'where what the template lists was deployed anew in these minutes',
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
    'client/allocrunner/taskrunner/task_runner.go',
  ],
  since: '0.1.0',
  examples: [
    { name: 'every half minute since it runs', given: rerendered(40, 20, 1, 0.5), then: 'present' },
    { name: 'a burst after days of quiet, which is a risk', given: rerendered(12, 4000, 4, 1), then: 'present' },
    { name: 'a dozen deployments within the hour, over by now', given: rerendered(12, 60, 20, 15), then: 'absent' },
    { name: 'few restarts', given: rerendered(3, 5, 3, 1), then: 'absent' },
    { name: 'once lately', given: rerendered(200, 300, 30, 1), then: 'absent' },
    { name: 'never', given: { 'alloc.record': record('a1'), 'alloc.asked': minute }, then: 'absent' },
  ],
})
