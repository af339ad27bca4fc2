import { describe, spell, type Ask, type Reply, type Request } from '../ask/request.ts'
import { refusalOf, type Refusal } from '../ask/refusal.ts'
import type { Held, Seen, Unknown } from '../knowledge/fact.ts'
import type { FactKey, Facts, Given, Need } from '../knowledge/facts.ts'
import type { Kind, Thing } from '../knowledge/things.ts'

/** One asked request with what came back. */
export interface Answer {
  readonly request: Request
  readonly reply: Reply
  readonly refusal: Refusal | null
}

/** What a probe found: a held value, or a reason, for each fact it provides. */
export type Found<K extends FactKey> = { readonly [P in K]: Held<Facts[P]> }

/** How we look: one probe, run once per thing of its kind. `read` is the only effect, `parse` is pure. */
export interface Probe<K extends FactKey = FactKey, G extends Need = Need, Raw = unknown> {
  /** = file name. */
  readonly id: string
  readonly about: Kind
  /** Shown while it runs, in the user's words. */
  readonly title: string
  readonly provides: readonly K[]
  /** Must be known first. */
  readonly given: readonly G[]
  /** intrusive = runs something in the user's workload or sends packets; needs consent. */
  readonly cost: 'free' | 'slow' | 'intrusive'
  readonly read: (ask: Ask, thing: Thing, given: Given<G>) => Promise<Raw>
  readonly parse: (raw: Raw, thing: Thing, given: Given<G>) => Found<K>
}

/** The same with its types forgotten: what the loop runs. */
export interface AnyProbe extends Omit<Probe, 'provides' | 'given' | 'read' | 'parse'> {
  readonly provides: readonly FactKey[]
  readonly given: readonly Need[]
  readonly read: (ask: Ask, thing: Thing, given: Readonly<Record<string, unknown>>) => Promise<unknown>
  readonly parse: (
    raw: unknown,
    thing: Thing,
    given: Readonly<Record<string, unknown>>,
  ) => Readonly<Record<string, Held<unknown>>>
}

export const probe = <const K extends FactKey, const G extends Need = never, Raw = Answer>(
  spec: Probe<K, G, Raw>,
): AnyProbe => spec as unknown as AnyProbe

/** Asks, and says at once whether the reply is an answer. */
export async function look(ask: Ask, request: Request): Promise<Answer> {
  const reply = await ask(request)
  return { request, reply, refusal: refusalOf(request, reply) }
}

/** Not known, because: from a refusal, or with an own reason. */
export function unknown(answer: Answer, why?: Unknown['why'], detail?: string): Unknown {
  const { refusal, request } = answer
  return {
    known: false,
    why: why ?? refusal?.why ?? 'failed',
    detail: detail ?? refusal?.detail ?? 'no reason given',
    request: describe(request),
  }
}

/** A known value with its evidence: `excerpt` is the part of the reply that shows it (at most a few lines). */
export function held<T>(by: string, { request, reply }: Answer, value: T, excerpt: string): Held<T> {
  return { known: true, value, seen: seenIn(by, request, reply.at, excerpt) }
}
export const seenIn = (by: string, request: Request, at: string, excerpt: string): Seen => ({
  by,
  ask: spell(request),
  request: describe(request),
  excerpt: excerpt.length > 2000 ? `${excerpt.slice(0, 2000)}…` : excerpt,
  at,
})

/** A JSON body that is not what we expect: `parse` throws it, the caller makes it "unknown, because". */
export class Shape extends Error {}

/**
 * The common case: a refusal stays a refusal; JSON is parsed; `make` returns value and excerpt, or throws where the shape
 * is not the expected one, which makes the fact unknown with that reason.
 */
export function fromJson<T>(
  by: string,
  answer: Answer,
  make: (json: unknown) => readonly [value: T, excerpt: string],
): Held<T> {
  if (answer.refusal) return unknown(answer)
  let json: unknown
  try {
    json = JSON.parse(answer.reply.body)
  } catch {
    return unknown(
      answer,
      'failed',
      `the reply to ${describe(answer.request)} is not JSON${answer.reply.body === '' ? ': it is empty' : ` (${answer.reply.body.length} characters, cut short?)`}`,
    )
  }
  return guarded(by, answer, () => make(json))
}

/** The same for text replies. */
export function fromText<T>(
  by: string,
  answer: Answer,
  make: (text: string) => readonly [value: T, excerpt: string],
): Held<T> {
  return answer.refusal ? unknown(answer) : guarded(by, answer, () => make(answer.reply.body))
}

function guarded<T>(by: string, answer: Answer, make: () => readonly [T, string]): Held<T> {
  try {
    const [value, excerpt] = make()
    return held(by, answer, value, excerpt)
  } catch (error) {
    const detail = `the reply to ${describe(answer.request)} has an unexpected shape: ${error instanceof Error ? error.message : String(error)}`
    return unknown(answer, 'failed', detail)
  }
}
