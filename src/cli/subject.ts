import { symptoms, type Side, type Subject } from '../knowledge/subject.ts'
import { NameError, spellSide } from '../run/names.ts'
import { nameCaller, nameSide, wrongPort, wrongSide } from '../run/register.ts'
import { symptomOf } from '../run/subject.ts'
import { textOf, UsageError, type Values } from './flags.ts'
import type { Opened } from './open.ts'

/** The subject that flags name; what they leave out comes from the case. */
export async function subjectFrom(values: Values, opened: Opened): Promise<Subject | UsageError> {
  const from = await sideFrom('from', values, opened)
  if (from instanceof UsageError) return from
  const to = await sideFrom('to', values, opened)
  if (to instanceof UsageError) return to
  const symptom = textOf(values, 'symptom')
  if (symptom !== undefined && !Object.hasOwn(symptoms, symptom))
    return new UsageError(`--symptom ${symptom}: there is no such symptom`, Object.keys(symptoms))
  if (to === null && from === null)
    return new UsageError(
      'say who cannot reach whom: --from NAME --to NAME (or --case DIR with a case that names them)',
    )
  const port = textOf(values, 'port')
  const wrong = port === undefined || to === null ? undefined : await wrongPort(port, to, opened.ask)
  if (wrong) return new UsageError(`--port ${port}: ${wrong.message}`, wrong.offers)
  const dials = textOf(values, 'dials') ?? opened.subject?.dials
  return {
    from,
    to,
    port: port === undefined ? (opened.subject?.port ?? null) : /^\d+$/.test(port) ? Number(port) : port,
    symptom: symptom === undefined ? (opened.subject?.symptom ?? 'unknown') : symptomOf(symptom),
    ...(dials === undefined ? {} : { dials }),
  }
}

async function sideFrom(flag: 'from' | 'to', values: Values, opened: Opened): Promise<Side | null | UsageError> {
  const text = textOf(values, flag)
  if (text === undefined) return caseSide(flag, opened)
  const side = await (flag === 'from' ? nameCaller : nameSide)(text, opened)
  return side instanceof NameError ? new UsageError(`--${flag} ${text}: ${side.message}`, side.offers) : side
}

/** What the case asks by itself, which its recording may not hold. */
async function caseSide(flag: 'from' | 'to', opened: Opened): Promise<Side | null | UsageError> {
  const side = opened.subject?.[flag] ?? null
  const wrong = await wrongSide(side, opened)
  return wrong
    ? new UsageError(`case ${opened.where}: ${flag} ${spellSide(side)}: ${wrong.message}`, wrong.offers)
    : side
}
