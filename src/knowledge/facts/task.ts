import { fact } from '../fact.ts'
import type { TaskSpec, TaskText } from '../shapes/job.ts'
import type { Ask } from '../shapes/discovery.ts'
import type { Namespace } from '../shapes/port.ts'

/** A network variable of Nomad that a task's text refers to. */
export interface Variable {
  readonly name: string
  /** The port label in it. */
  readonly label: string
  /** `env REDIS of task app`, ... */
  readonly from: string
}

export const taskFacts = {
  'task.spec': fact<TaskSpec>('The task as the job has it.'),
  'task.started': fact<'yes' | 'no'>(
    'Whether it has run in an allocation of the job as it is now; no for a task that exists only as a file.',
  ),
  'task.driver': fact<string>('Driver of the task.'),
  'task.docker.network-mode': fact<'none-given' | 'host' | 'bridge' | 'none' | 'container' | 'other'>(
    "The docker task's own network_mode.",
  ),
  'task.namespace': fact<Namespace>('Where the sockets of the task are.'),
  'task.texts': fact<readonly TaskText[]>(
    'Texts of the task in which an address, a name or a variable may stand: environment, driver arguments, templates.',
  ),
  'task.env-file-error': fact<string | null>(
    'Why a template with env = true cannot be read as variables, by its own text or as the client says; null when it can.',
  ),
  'task.variables': fact<readonly Variable[]>(
    'Network variables of Nomad that the task refers to and does not set itself.',
  ),
  'task.slip': fact<{ ask: Ask; meant: string } | null>(
    'The name in a template that is a slip of the pen away from one this job registers, and that nobody else is known to have.',
  ),
  'task.asks': fact<readonly Ask[]>('Names it asks a catalogue, DNS or its sidecar for, as its own texts have them.'),
}
