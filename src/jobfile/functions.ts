/** The functions of Nomad's HCL2 that a file alone can answer. Source: nomad/jobspec2/functions.go. */
import { collections } from './functions-collections.ts'
import { data } from './functions-data.ts'
import { dates } from './functions-dates.ts'
import { digests } from './functions-digests.ts'
import { networks } from './functions-networks.ts'
import { tooMuch } from './effort.ts'
import { texts } from './functions-texts.ts'
import { hole, NotEvaluable, refuse, type Value } from './value.ts'

export type Func = (...args: readonly Value[]) => Value

/** Nomad has these, too; what they give depends on the machine or on chance. */
const elsewhere = /^(abspath|file|filebase64|fileexists|fileset|pathexpand|uuidv4|bcrypt)$/
/** The same answer everywhere, which says nothing of networking or is not worked out here. */
const unread = /^rsadecrypt$/
/** They may be given parts that are not known: these stay parts of the answer. */
const open = new Set(['merge', 'concat', 'keys', 'length', 'lookup', 'element', 'slice', 'reverse'])

const table: ReadonlyMap<string, Func> = new Map(
  Object.entries({ ...collections, ...data, ...dates, ...digests, ...networks, ...texts }),
)

export function call(name: string, args: readonly Value[]): Value {
  const found = table.get(name)
  if (!found)
    return elsewhere.test(name)
      ? new NotEvaluable(`function ${name} gives what only the machine that submits the job knows`)
      : unread.test(name)
        ? new NotEvaluable(`function ${name} is not worked out here`)
        : refuse(`Call to unknown function: there is no function named "${name}"`)
  const missing = open.has(name) ? args.find((arg) => arg instanceof NotEvaluable) : holeIn(args)
  if (missing !== undefined) return missing
  try {
    return found(...args)
  } catch (error) {
    // A limit of this program, not of Nomad's.
    if (error instanceof RangeError) return tooMuch
    return refuse(`${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const holeIn = (args: readonly Value[]): NotEvaluable | undefined => hole(args)
