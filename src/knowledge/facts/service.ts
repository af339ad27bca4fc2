import { fact } from '../fact.ts'
import type { ServiceSpec } from '../shapes/job.ts'
import type { ConsulInstance, ServiceRow } from '../shapes/runtime.ts'

export const serviceFacts = {
  'service.specs': fact<readonly ServiceSpec[]>('Its blocks in the group that declares it.'),
  'service.rows': fact<readonly ServiceRow[]>('Rows of the native catalogue under this name, in its namespace.'),
  'service.consul': fact<readonly ConsulInstance[]>('Instances Consul knows under this name, passing or not.'),
  'service.provider': fact<'nomad' | 'consul'>('Where the job registers it.'),
}
