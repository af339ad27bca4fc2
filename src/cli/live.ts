import { adviceOf } from '../ask/advice.ts'
import { cleanLine } from '../ask/clean.ts'
import { discreet } from '../ask/discreet.ts'
import { nomad } from '../ask/nomad.ts'
import { refusalOf } from '../ask/refusal.ts'
import { describe } from '../ask/request.ts'
import { say } from '../out.ts'
import { cached } from '../sources/cache.ts'
import type { Consent } from '../sources/consent.ts'
import { withJobFile } from '../sources/job-file.ts'
import { liveSource, type Live } from '../sources/live.ts'
import { OptionError, readOptions } from '../sources/options.ts'
import { textOf, UsageError, type Values } from './flags.ts'
import type { Source, Through } from './open.ts'

/** A cluster that answers, before anything is cached. */
export interface Reached {
  readonly live: Live
  readonly where: string
}

/** The cluster that flags and environment name; an address that does not answer is a wrong input, said with its reason. */
export async function reach(values: Values, consent: Consent): Promise<Reached | UsageError> {
  const options = await readOptions(values, process.env)
  if (options instanceof OptionError) return new UsageError(options.message)
  const live = liveSource({ ...options, consent })
  const { origin, socketPath } = options.nomad
  const where = socketPath === undefined ? origin : `unix://${socketPath}`
  const request = nomad.leader()
  const reply = await live.ask(request)
  const page = /^\s*</.test(reply.body) ? { why: 'failed', detail: 'an HTML page instead of an answer' } : null
  const refusal = refusalOf(request, reply) ?? page
  // A server that answers with a refusal is there: what the token may not see is said later, fact by fact.
  if (refusal === null || refusal.why === 'denied') return { live, where }
  await live.close()
  return new UsageError(
    `${reply.status > 0 ? 'the server does not answer as Nomad does' : 'no Nomad answers'} at ${where}: ${refusal.detail.replace(/^no answer: /, '')}\n  ${adviceOf(where, refusal.detail)} Or look at a recorded case with --case DIR.`,
  )
}

/** Without a person to ask, consent is the flag --yes. */
export const consentOf = (values: Values): Consent => (values['yes'] === true ? () => true : () => false)

/** The same, and what was agreed to is listed before it is done: on the standard error, each once. */
function announced(consent: Consent): Consent {
  const told = new Set<string>()
  return async (request) => {
    if (!(await consent(request))) return false
    const action = cleanLine(describe(request))
    if (!told.has(action)) say(`nomad-netdoctor: --yes: ${action}\n`, 'stderr')
    told.add(action)
    return true
  }
}

export async function openLive(
  values: Values,
  answers: Readonly<Record<string, string>>,
  through: Through,
): Promise<Source | UsageError> {
  const reached = await reach(values, announced(consentOf(values)))
  if (reached instanceof UsageError) return reached
  const { live, where } = reached
  const file = textOf(values, 'job-file')
  const ask = file === undefined ? live.ask : await withJobFile(live.ask, file)
  if (ask instanceof OptionError) {
    await live.close()
    return new UsageError(ask.message)
  }
  const cache = cached(discreet(through(ask)))
  return {
    kind: 'live',
    where,
    ask: cache.ask,
    cache,
    told: { answers, checks: {} },
    namespace: textOf(values, 'namespace') ?? (process.env['NOMAD_NAMESPACE'] || 'default'),
    close: live.close,
  }
}
