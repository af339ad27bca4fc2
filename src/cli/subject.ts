import { toldIn } from '../derive/path/literals.ts'
import { portAsked, symptoms, toldParts, type Side, type Subject } from '../knowledge/subject.ts'
import { NameError, spellSide } from '../run/names.ts'
import { nameCaller, nameSide, wrongPort, wrongSide } from '../run/register.ts'
import { wrongNumber, wrongPlace } from '../run/port.ts'
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
  if (to === null) return new UsageError(`say whom ${spellSide(from) ?? 'it'} cannot reach: --to NAME`)
  const port = textOf(values, 'port')
  const wrong = port === undefined ? undefined : await wrongPort(port, to, opened.ask)
  if (wrong) return new UsageError(`--port ${port}: ${wrong.message}`, wrong.offers)
  const asked = textOf(values, 'dials')
  const { proto, place } = toldParts(asked ?? '')
  // A number alone is a port, as it is behind a colon.
  const written = /^\d+$/.test(place) ? `:${place}` : place
  const told = asked === undefined ? undefined : proto === undefined ? written : `${proto}:${written}`
  const nowhere = told === undefined ? undefined : (wrongPlace(written) ?? (toldIn(told) ? undefined : notPlace))
  if (nowhere !== undefined) return new UsageError(`--dials ${asked}: ${nowhere}`)
  const own = port === undefined ? opened.subject?.port : undefined
  const outside = own === undefined || own === null ? undefined : wrongNumber(String(own))
  if (outside !== undefined) return new UsageError(`case ${opened.where}: port ${own}: ${outside}`)
  const dials = told ?? opened.subject?.dials
  return {
    from,
    to,
    port: port === undefined ? (opened.subject?.port ?? null) : portAsked(port),
    symptom: symptom === undefined ? (opened.subject?.symptom ?? 'unknown') : symptomOf(symptom),
    ...(dials === undefined ? {} : { dials }),
  }
}

const notPlace = 'that is no address, name or port: 10.0.0.1:80, db:5432, :8080, udp:10.0.0.1:53'

async function sideFrom(flag: 'from' | 'to', values: Values, opened: Opened): Promise<Side | null | UsageError> {
  const text = textOf(values, flag)
  if (text === undefined) return caseSide(flag, opened)
  const side = await (flag === 'from' ? nameCaller : nameSide)(text, opened)
  if (!(side instanceof NameError)) return side
  const all = side.whole ? `All groups at once: nomad-netdoctor check --job ${spellSide(side.whole)}` : undefined
  return new UsageError(`--${flag} ${text}: ${side.message}`, side.offers, all)
}

/** What the case asks by itself, which its recording may not hold. */
async function caseSide(flag: 'from' | 'to', opened: Opened): Promise<Side | null | UsageError> {
  const side = opened.subject?.[flag] ?? null
  const wrong = await wrongSide(side, opened)
  return wrong
    ? new UsageError(`case ${opened.where}: ${flag} ${spellSide(side)}: ${wrong.message}`, wrong.offers)
    : side
}
