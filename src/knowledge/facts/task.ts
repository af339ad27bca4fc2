import { fact } from '../fact.ts'
import type { TaskSpec } from '../shapes/job.ts'

export const taskFacts = {
  'task.spec': fact<TaskSpec>('The task as the job has it.'),
  'task.driver': fact<string>('Driver of the task.'),
  'task.docker.network-mode': fact<'none-given' | 'host' | 'bridge' | 'none' | 'container' | 'other'>("The docker task's own network_mode."),
}
