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

/** Takes a whole id: a name is not found, and a beginning of an id is asked about. */
export const drainNode = (id: string): readonly string[] => ['nomad', 'node', 'drain', '-enable', id]
