import type { World } from './fact.ts'
import type { Fault, FixStep } from './fault.ts'
import { NotEvaluable, readable } from './hole.ts'
import { resolve } from './resolve.ts'
import type { Thing } from './things.ts'

interface Settled {
  readonly by?: 'told'
  readonly given: Readonly<Record<string, unknown>>
}

/** The steps that mend a fault. Where only a person says that it is so, facts may be missing: then no step is made up. */
export function fixOf(fault: Fault, { by, given }: Settled): readonly FixStep[] {
  if (by !== 'told') return readable(() => fault.fix(given), [])
  try {
    return fault.fix(onlyKnown(given))
  } catch {
    return []
  }
}

/** The client of the thing is meant where a step says no more than `client`. */
export const placedOn = (steps: readonly FixStep[], thing: Thing | undefined): readonly FixStep[] => {
  const name = thing?.names.nodeName
  return name === undefined
    ? steps
    : steps.map((step) => (step.on === 'client' ? { ...step, on: `client ${name}` } : step))
}

const onlyKnown = (given: Settled['given']): Settled['given'] =>
  new Proxy(given, {
    get(known, need) {
      if (typeof need === 'string' && Object.hasOwn(known, need)) return known[need]
      throw new NotEvaluable(`${String(need)} is not known`)
    },
  })

/** What a fault needs, as far as it is known. */
export const knownOf = ({ needs }: Fault, thing: Thing, world: World): Settled['given'] =>
  Object.fromEntries(
    needs.flatMap((need) => {
      const found = resolve(world, thing, need)
      return found.state === 'known' ? [[need, found.value] as const] : []
    }),
  )
