import { keyOf } from '../../src/ask/canonical.ts'
import { spell, type Ask, type Reply, type Request } from '../../src/ask/request.ts'
import type { Held } from '../../src/knowledge/fact.ts'
import type { Kind, Names, Thing } from '../../src/knowledge/things.ts'
import type { AnyProbe } from '../../src/probes/probe.ts'

const reply = (body: string, status = 200): Reply => ({ at: '2026-11-21T05:06:06Z', ms: 1, status, body })
export const refused = (status: number, body: string): Reply => reply(body, status)
const unrecorded: Reply = {
  ...reply('', -1),
  refusal: { why: 'not-recorded', detail: 'the recording holds no answer to this' },
}

/** Asks a small world; what is not in it was not recorded. Bodies of requests do not count. */
export const asking =
  (answers: Readonly<Record<string, Reply>>): Ask =>
  (request) =>
    Promise.resolve(answers[named(request)] ?? unrecorded)

/** `GET /v1/jobs`, `POST /v1/jobs/parse`, `consul GET /v1/agent/self @n1`, else the canonical spelling. */
function named(request: Request): string {
  if (request.via !== 'nomad' && request.via !== 'consul') return spell(request)
  const path = (JSON.parse(keyOf(request)) as string[]).at(-1) ?? ''
  const verb = request.via === 'consul' ? 'consul GET' : (request.method ?? 'GET')
  return `${verb} ${path}${request.node === undefined ? '' : ` @${request.node}`}`
}

export const json = (value: unknown): Reply => reply(JSON.stringify(value))
export const body = (text: string): Reply => reply(text)

export const thing = (kind: Kind, names: Names = {}): Thing => ({
  id: `${kind}:1`,
  kind,
  about: `${kind}:1`,
  links: {},
  many: {},
  names,
})

/** Runs one probe: its facts, with values or reasons. */
export async function run(
  probe: AnyProbe,
  on: Thing,
  ask: Ask,
  given: Readonly<Record<string, unknown>> = {},
): Promise<Readonly<Record<string, Held<unknown>>>> {
  return probe.parse(await probe.read(ask, on, given), on, given)
}
