/** The functions of Nomad's HCL2 that a file alone can answer. Source: nomad/jobspec2/functions.go. */
import { collections } from './functions-collections.ts'
import { texts } from './functions-texts.ts'
import { hole, NotEvaluable, refuse, type Value } from './value.ts'

export type Func = (...args: readonly Value[]) => Value

/** What these give depends on the machine or on the time. */
const elsewhere = /^(abspath|file|file\w+|templatefile|pathexpand|timestamp|uuidv4|uuidv5|bcrypt|consul_key|vault)$/
/** They may be given parts that are not known: these stay parts of the answer. */
const open = new Set(['merge', 'concat', 'keys', 'length', 'lookup', 'element', 'slice', 'reverse'])

const table: ReadonlyMap<string, Func> = new Map(Object.entries({ ...collections, ...texts }))

export function call(name: string, args: readonly Value[]): Value {
  const found = table.get(name)
  if (!found)
    return elsewhere.test(name)
      ? new NotEvaluable(`function ${name} gives what only the machine that submits the job knows`)
      : new NotEvaluable(`function ${name} is not known here`)
  const missing = open.has(name) ? args.find((arg) => arg instanceof NotEvaluable) : holeIn(args)
  if (missing !== undefined) return missing
  try {
    return found(...args)
  } catch (error) {
    return refuse(`${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const holeIn = (args: readonly Value[]): NotEvaluable | undefined => hole(args)
