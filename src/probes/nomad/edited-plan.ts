/** What the servers would do with an edited job file: they read it and plan it, and register nothing. */
import type { Ask } from '../../ask/request.ts'
import { nomad } from '../../ask/nomad.ts'
import { isApiJob } from '../../jobfile/kind.ts'
import type { Planned } from '../../knowledge/fault.ts'
import type { PlacementFailure } from '../../knowledge/shapes/runtime.ts'
import { count } from '../../knowledge/words.ts'
import { array, map, numberOr, object, text, textOr, type Json } from '../json.ts'
import { fromJson, look, Shape, type Answer } from '../probe.ts'
import { failures } from './evaluation.ts'
import { refusedJob } from './refused-job.ts'

export interface Submission {
  readonly text: string
  /** Values of its variables, as the text of a file of them. */
  readonly variables: string
  /** Where the job is registered, whatever its file says. */
  readonly namespace?: string | undefined
  /** Where it is when neither that nor the file says it. */
  readonly usual?: string | undefined
}

/** At most two questions. Neither an answer nor a reason where nothing of the kind was recorded. */
export async function editedPlan(ask: Ask, submission: Submission): Promise<Planned> {
  const { namespace, usual } = submission
  const read = await jobOf(ask, submission)
  if (!('job' in read)) return read
  const { job } = read
  const where = namespace ?? (textOr(job['Namespace'], '') || usual)
  const answer = await look(ask, nomad.plan(textOr(job['ID'], ''), job, where))
  const against = refusedJob(answer.reply)
  if (against) return { plan: within(`the edited job is refused: ${against.join('; ')}`) }
  return answered(answer, 'the edited file was not planned', (json) => ({ plan: within(saidOf(object(json, 'plan'))) }))
}

/** As the API has it, with its id. */
interface Job {
  readonly job: Json
}
async function jobOf(ask: Ask, { text: edited, variables, namespace, usual }: Submission): Promise<Job | Planned> {
  const failure = 'the servers did not read the edited file'
  if (isApiJob(edited)) return own(edited)
  const parsed = await look(ask, nomad.parseText(edited, variables, namespace ?? usual))
  return answered(parsed, failure, (json) => whole(object(json, 'job')))
}

/** A file in JSON that is the job itself, or has it as `Job`. */
function own(edited: string): Job | Planned {
  try {
    const json = object(JSON.parse(edited), 'file')
    return whole(object(json['Job'] ?? json, 'job'))
  } catch {
    return { unplanned: 'the edited file holds no job as the API has it' }
  }
}

function whole(job: Json): Job {
  text(job['ID'], 'ID')
  return { job }
}

function answered<T>(answer: Answer, failure: string, make: (json: unknown) => T): T | Planned {
  if (answer.refusal?.why === 'not-recorded') return {}
  const held = fromJson('edited-plan', answer, (json) => [make(json), ''])
  return held.known ? held.value : { unplanned: within(`${failure}: ${held.detail ?? held.why}`) }
}

/** What servers say may be long; a person reads its beginning. */
const within = (said: string): string => (said.length > 1000 ? `${said.slice(0, 1000)}…` : said)

const words = [
  ['Place', 'placed'],
  ['DestructiveUpdate', 'replaced'],
  ['InPlaceUpdate', 'updated in place'],
  ['Stop', 'stopped'],
  ['Migrate', 'migrated'],
] as const

/** Source: api/jobs.go, `JobPlanResponse`; Go writes each of its fields. */
function saidOf(plan: Json): string {
  for (const field of ['Annotations', 'FailedTGAllocs']) if (!(field in plan)) throw new Shape(`${field} is missing`)
  const updates = Object.entries(map(map(plan['Annotations'], 'Annotations')['DesiredTGUpdates'], 'DesiredTGUpdates'))
  const edited = new Set(
    array(map(plan['Diff'], 'Diff')['TaskGroups'], 'TaskGroups')
      .map((one) => object(one, 'group'))
      .flatMap(({ Type, Name }) => (textOr(Type, '') === 'Edited' ? [textOr(Name, '')] : [])),
  )
  const failed = failures(plan['FailedTGAllocs'])
  const groups = updates.map(([group, counts]) => {
    const done = words.flatMap(([field, word]) => {
      const many = numberOr(object(counts, 'updates')[field], 0)
      return many > 0 ? [`${many} ${failed[group] && field === 'Place' ? 'to place' : word}`] : []
    })
    const rests = edited.has(group) ? 'nothing at once, the next allocation has the edit' : 'nothing changes'
    return `group ${group}: ${done.join(', ') || rests}`
  })
  const without = Object.entries(failed).map(([group, why]) => `no place for all of ${group}${reasonsOf(why)}`)
  const places = without.length > 0 ? without : ['everything finds a place']
  const warnings = textOr(plan['Warnings'], '').trim()
  return [...groups, ...places, ...(warnings === '' ? [] : [warnings.split('\n').join(' ')])].join('; ')
}

/** ` (missing drivers: 1 client, memory: 2 clients)` */
function reasonsOf({ constraintFiltered, dimensionExhausted }: PlacementFailure): string {
  const reasons = Object.entries({ ...constraintFiltered, ...dimensionExhausted })
  const said = reasons.map(([reason, clients]) => `${reason}: ${count(clients, 'client')}`)
  return said.length === 0 ? '' : ` (${said.join(', ')})`
}
