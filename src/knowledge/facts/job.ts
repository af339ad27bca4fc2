import { fact } from '../fact.ts'
import type { JobSource, JobSpec } from '../shapes/job.ts'
import type { AllocRecord, Evaluation, PlanAnswer } from '../shapes/runtime.ts'

export const jobFacts = {
  'job.spec': fact<JobSpec>('The job as it is registered, or as its file asks for it.'),
  'job.type': fact<string>('Type of the job: service, batch, system, sysbatch.'),
  'job.registered': fact<boolean>('Whether the servers know the job.'),
  'job.source': fact<JobSource>('The submitted job file, and the values of its variables.'),
  'job.allocations': fact<readonly AllocRecord[]>('Allocations of the job, dead ones included.'),
  'job.evaluations': fact<readonly Evaluation[]>('Evaluations of the job, newest first.'),
  'job.plan': fact<PlanAnswer>('What the scheduler answers to the job as it is now.'),
  'job.versions': fact<readonly { version: number; spec: JobSpec }[]>('Older versions of the job, newest first.'),
  'job.deployment': fact<{ status: string; description: string } | null>('The newest deployment.'),
}
