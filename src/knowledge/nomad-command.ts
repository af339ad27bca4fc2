import type { FixStep } from './fault.ts'
import type { AllocRecord } from './shapes/runtime.ts'

/** Without it the program looks into the default namespace alone. */
export const within = (namespace: string): readonly string[] =>
  namespace === 'default' ? [] : [`-namespace=${namespace}`]

/** `nomad alloc <verb>` for one allocation; `rest` stands behind its id. */
export const allocCommand = (
  verb: 'stop' | 'restart' | 'fs' | 'exec',
  { id, namespace }: Pick<AllocRecord, 'id' | 'namespace'>,
  options: readonly string[] = [],
  ...rest: readonly string[]
): readonly string[] => ['nomad', 'alloc', verb, ...within(namespace), ...options, id, ...rest]

/** Gives every allocation of this one's job a successor. */
export const replaceJob = ({ job, namespace }: Pick<AllocRecord, 'job' | 'namespace'>): readonly string[] => [
  'nomad',
  'job',
  'restart',
  '-reschedule',
  ...within(namespace),
  job,
]

/** A failed allocation gets a successor at once, whatever its reschedule block says. */
export const placedAnew = ({ job, namespace }: Pick<AllocRecord, 'job' | 'namespace'>, what = ''): FixStep => ({
  do: `${what === '' ? 'Have' : `${what}, and have`} the allocation replaced`,
  on: 'cluster',
  run: ['nomad', 'job', 'eval', '-force-reschedule', ...within(namespace), job],
  risk: 'none',
})

/** Takes a whole id: a name is not found, and a beginning of an id is asked about. */
export const drainNode = (id: string): readonly string[] => ['nomad', 'node', 'drain', '-enable', id]
