import type { Ask, Request } from '../../ask/request.ts'
import { nomad } from '../../ask/nomad.ts'
import type { Thing } from '../../knowledge/things.ts'
import { array, object, text, textOr } from '../json.ts'
import { fromJson, held, look, probe, unknown, type Answer } from '../probe.ts'
import { jobSpec } from './job-spec.ts'

/** The registered job; what a person had parsed when it is not registered; the list that shows whether it is. */
interface Read {
  readonly job: Answer
  readonly parsed: Answer | null
  readonly listed: Answer | null
}

export const job = probe({
  id: 'job',
  about: 'job',
  title: 'Reading the job',
  provides: ['job.spec', 'job.registered'],
  given: [],
  cost: 'free',
  read: readJob,
  parse: (read: Read, { names }) => ({ 'job.spec': spec(read, names), 'job.registered': registered(read, names) }),
})

/** A job that the servers refused at submit exists only in the answer to its being parsed. */
export async function readJob(ask: Ask, { names }: Thing): Promise<Read> {
  const found = await look(ask, nomad.job(names.job ?? '', names.namespace))
  const absent = found.refusal?.why === 'not-found' || found.refusal?.why === 'not-recorded'
  if (!absent) return { job: found, parsed: null, listed: null }
  const [parsed, listed] = await Promise.all([
    look(ask, nomad.parse()),
    look(ask, names.namespace === undefined || names.namespace === 'default' ? nomad.jobs() : nomad.allJobs()),
  ])
  return { job: found, parsed, listed }
}

/** The job as it was parsed from a file, when it is the one that is meant. */
export function parsedJob(
  { parsed }: Read,
  names: Thing['names'],
): { readonly answer: Answer; readonly json: unknown } | null {
  if (!parsed || parsed.refusal) return null
  try {
    const json: unknown = JSON.parse(parsed.reply.body)
    const named = object(json)
    const same =
      named['ID'] === names.job && (textOr(named['Namespace'], '') || 'default') === (names.namespace ?? 'default')
    return same ? { answer: parsed, json } : null
  } catch {
    return null
  }
}

function spec(read: Read, names: Thing['names']) {
  const parsed = read.job.refusal ? parsedJob(read, names) : null
  return fromJson('job', parsed?.answer ?? read.job, (json) => {
    const value = jobSpec(json)
    return [
      value,
      `job ${value.id}: type ${value.type}, status ${value.status || 'not registered'}, version ${value.version}, groups ${value.groups.map(({ name, count }) => `${name} (${count})`).join(', ')}`,
    ] as const
  })
}

function registered({ job: found, listed }: Read, names: Thing['names']) {
  if (!found.refusal)
    return fromJson('job', found, (json) => [true, `ID ${text(object(json, 'job')['ID'], 'ID')}`] as const)
  if (found.refusal.why === 'not-found') return held('job', found, false, found.refusal.detail)
  if (!listed || listed.refusal) return unknown(found)
  return fromJson('job', listed, (json) => {
    const ids = array(json)
      .map((one) => object(one, 'job'))
      .filter((one) => textOr(one['Namespace'], 'default') === (names.namespace ?? 'default'))
      .map((one) => text(one['ID'], 'ID'))
    return [names.job !== undefined && ids.includes(names.job), `jobs: ${ids.join(', ')}`] as const
  })
}

/** An answer about a job; with the job itself where it was not found, for a job that is not registered has none of it. */
export interface OfJob {
  readonly answer: Answer
  readonly job: Read | null
}

export async function ofJob(ask: Ask, thing: Thing, request: Request): Promise<OfJob> {
  const answer = await look(ask, request)
  const absent = answer.refusal?.why === 'not-found' || answer.refusal?.why === 'not-recorded'
  return { answer, job: absent ? await readJob(ask, thing) : null }
}

export function isUnregistered(read: Read | null, names: Thing['names']): boolean {
  const found = read && registered(read, names)
  return found?.known === true && !found.value
}
