/** What the servers would do with an edited job file: they read it and plan it, and register nothing. */
import type { Ask } from '../../ask/request.ts'
import { nomad } from '../../ask/nomad.ts'
import type { JobSource } from '../../knowledge/shapes/job.ts'
import { array, map, numberOr, object, textOr, type Json } from '../json.ts'
import { look } from '../probe.ts'

/** One sentence; undefined where nobody answers, as in a recorded case. */
export async function editedPlan(
  ask: Ask,
  id: string,
  namespace: string | undefined,
  { variables = '', flags = {} }: JobSource,
  edited: string,
): Promise<string | undefined> {
  const given = [variables, ...Object.entries(flags).map(([name, value]) => `${name} = ${JSON.stringify(value)}`)]
  const parsed = await look(ask, nomad.parseText(edited, given.filter((one) => one !== '').join('\n')))
  if (parsed.refusal?.why === 'not-recorded' || parsed.refusal?.why === 'offline') return undefined
  if (parsed.refusal) return `the servers do not read the edited file: ${parsed.refusal.detail}`
  const answer = await look(ask, nomad.plan(id, read(parsed.reply.body), namespace))
  if (answer.refusal?.why === 'not-recorded' || answer.refusal?.why === 'offline') return undefined
  if (answer.refusal) return `the servers do not plan the edited file: ${answer.refusal.detail}`
  return saidOf(object(read(answer.reply.body), 'plan'))
}

const read = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return {}
  }
}

const words = [
  ['Place', 'placed'],
  ['DestructiveUpdate', 'replaced'],
  ['InPlaceUpdate', 'updated in place'],
  ['Stop', 'stopped'],
  ['Migrate', 'migrated'],
] as const

/** Source: api/jobs.go, `JobPlanResponse`. */
function saidOf(plan: Json): string {
  const updates = Object.entries(map(map(plan['Annotations'], 'Annotations')['DesiredTGUpdates'], 'DesiredTGUpdates'))
  const edited = new Set(
    array(map(plan['Diff'], 'Diff')['TaskGroups'], 'TaskGroups')
      .map((one) => object(one, 'group'))
      .flatMap(({ Type, Name }) => (textOr(Type, '') === 'Edited' ? [textOr(Name, '')] : [])),
  )
  const groups = updates.map(([group, counts]) => {
    const done = words.flatMap(([field, word]) => {
      const count = numberOr(object(counts, 'updates')[field], 0)
      return count > 0 ? [`${count} ${word}`] : []
    })
    const rests = edited.has(group) ? 'nothing at once, the next allocation has the edit' : 'nothing changes'
    return `group ${group}: ${done.join(', ') || rests}`
  })
  const failed = Object.keys(map(plan['FailedTGAllocs'], 'FailedTGAllocs'))
  const places = failed.length > 0 ? `no place for all of ${failed.join(', ')}` : 'everything finds a place'
  const warnings = textOr(plan['Warnings'], '').trim()
  return [...groups, places, ...(warnings === '' ? [] : [warnings.split('\n').join(' ')])].join('; ')
}
