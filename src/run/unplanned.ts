/** What the servers said of a job as it was placed says nothing of the job as an edit leaves it. */
import type { Held, Unknown } from '../knowledge/fact.ts'
import { readable } from '../knowledge/hole.ts'
import type { GroupSpec, JobSpec, TaskSpec } from '../knowledge/shapes/job.ts'
import type { Evaluation } from '../knowledge/shapes/runtime.ts'

type Facts = ReadonlyMap<string, Held<unknown>>

const asked: Unknown = { known: false, why: 'not-asked', detail: 'the scheduler was not asked about the edited job' }

/** The facts of a job without those of its scheduling, where what the edit changes was weighed in them. */
export function withoutPlacing(facts: Facts, before: JobSpec, after: JobSpec): Facts {
  const changed = new Set(after.groups.filter((one) => !same(placing(one), before, one.name)).map(({ name }) => name))
  const all = JSON.stringify(ofJob(before)) !== JSON.stringify(ofJob(after))
  const evaluations = facts.get('job.evaluations')
  const told =
    evaluations?.known === true &&
    (evaluations.value as readonly Evaluation[]).some(({ failed }) =>
      Object.keys(failed).some((group) => all || changed.has(group)),
    )
  const forgotten = [...(told ? ['job.evaluations'] : []), ...(all || changed.size > 0 ? ['job.plan'] : [])]
  return new Map([...facts].map(([key, held]) => [key, forgotten.includes(key) ? asked : held]))
}

const same = (text: string, { groups }: JobSpec, name: string): boolean =>
  groups.some((one) => one.name === name && placing(one) === text)

const ofJob = ({ type, datacenters, nodePool, constraints }: JobSpec) =>
  readable(() => [type, datacenters, nodePool, constraints], [])

/** All of a group that the scheduler weighs, written constraints and implied ones. */
const placing = ({ count, constraints, network, moreNetworks, services, tasks }: GroupSpec): string =>
  readable(() => JSON.stringify([count, constraints, network, moreNetworks, implied(services), tasks.map(ofTask)]), '')
const ofTask = ({ name, driver, networks, services, consulIdentity }: TaskSpec) => [
  name,
  driver,
  networks,
  implied(services),
  consulIdentity,
]
const implied = (services: GroupSpec['services']) =>
  services.map(({ provider, connect, checks }) => [provider, connect, checks])
