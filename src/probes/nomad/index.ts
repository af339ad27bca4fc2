/** Probes over the Nomad HTTP API. */
import type { AnyProbe } from '../probe.ts'
import { aclToken } from './acl-token.ts'
import { agent } from './agent.ts'
import { allocation } from './allocation.ts'
import { allocationChecks } from './allocation-checks.ts'
import { allocationLogs } from './allocation-logs.ts'
import { allocations } from './allocations.ts'
import { allocationServices } from './allocation-services.ts'
import { envoyBootstrap } from './envoy-bootstrap.ts'
import { job } from './job.ts'
import { jobAllocations } from './job-allocations.ts'
import { jobDeployment } from './job-deployment.ts'
import { jobEvaluations } from './job-evaluations.ts'
import { jobPlan } from './job-plan.ts'
import { jobSource } from './job-source.ts'
import { jobVersions } from './job-versions.ts'
import { jobs } from './jobs.ts'
import { leader } from './leader.ts'
import { namespaces } from './namespaces.ts'
import { nodeAgent } from './node-agent.ts'
import { nodeAllocations } from './node-allocations.ts'
import { nodeDocument } from './node-document.ts'
import { nodes } from './nodes.ts'
import { renderedFiles } from './rendered-files.ts'
import { serviceRows } from './service-rows.ts'
import { services } from './services.ts'

export const nomadProbes: readonly AnyProbe[] = [
  aclToken,
  agent,
  allocation,
  allocationChecks,
  allocationLogs,
  allocationServices,
  allocations,
  envoyBootstrap,
  job,
  jobAllocations,
  jobDeployment,
  jobEvaluations,
  jobPlan,
  jobSource,
  jobVersions,
  jobs,
  leader,
  namespaces,
  nodeAgent,
  nodeAllocations,
  nodeDocument,
  nodes,
  renderedFiles,
  serviceRows,
  services,
]
