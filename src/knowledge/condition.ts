import { memoOf } from '../memo.ts'
import type { Seen, World } from './fact.ts'
import type { Fault } from './fault.ts'
import type { Need } from './facts.ts'
import { resolve, type Resolved } from './resolve.ts'
import type { Thing } from './things.ts'
import { applies } from './version.ts'
import { factWords } from './words.ts'

type Missing = Resolved & { state: 'unknown' }

/** A fact that rules a fault out by its value alone. `fits`: undefined when the value does not tell. */
interface Condition {
  readonly need: Need
  readonly fits: (value: unknown) => boolean | undefined
}

/** The closed words of `onlyWhen`, and the versions the fault exists in. Faults are few and judged again and again. */
const conditionsOf = memoOf(({ onlyWhen = {}, versions }: Fault): readonly Condition[] => {
  const words = Object.entries(onlyWhen).map(([need, allowed]) => ({
    need: need as Need,
    fits: (value: unknown) => allowed.includes(value),
  }))
  const { nomad, of } = versions ?? {}
  return nomad === undefined || of === undefined
    ? words
    : [...words, { need: of, fits: (value) => applies(value as string | readonly string[], nomad) }]
})

/** The needs that are read for it. */
export const ruledOutBy = (fault: Fault): readonly Need[] => conditionsOf(fault).map(({ need }) => need)

export const nobody = (role: string): string => `there is no ${role.replace('.', ' ')}`

/** Whom there is to ask is not there. Where the question names no caller, that is a matter of the question. */
export const without = (role: string, { links }: Thing): Out => ({
  reason: nobody(role),
  evidence: [],
  ...(role.startsWith('source.') && typeof links['source.group'] !== 'string' ? {} : { idle: true }),
})
const stopped = /^(?:pending|failed|lost|unknown)$/

/** What must be so before a fault is looked at: `out` when it is not, and why; what is not known of it. */
export function ruledOut(
  fault: Fault,
  thing: Thing,
  world: World,
): { readonly out?: Out; readonly missing: Missing[] } {
  const missing: Missing[] = []
  for (const { need, fits } of conditionsOf(fault)) {
    const found = resolve(world, thing, need)
    if (found.state === 'nobody') return { out: without(found.role, thing), missing }
    const fit = found.state === 'known' && fits(found.value)
    if (found.state === 'unknown') missing.push(found)
    else if (fit === undefined) missing.push({ state: 'unknown', fact: need, why: 'not-evaluable', at: [] })
    else if (!fit) {
      const idle = need.endsWith('alloc.status') && stopped.test(String(found.value)) ? { idle: true as const } : {}
      return { out: { reason: `${factWords(need)}: ${String(found.value)}`, evidence: found.seen, ...idle }, missing }
    }
  }
  return { missing }
}

interface Out {
  readonly reason: string
  readonly evidence: readonly Seen[]
  readonly idle?: true
}
