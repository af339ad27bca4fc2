import { planner, type Plan } from '../run/planner.ts'
import { parseJob, type Parsed } from '../sources/job-parse.ts'
import { textOf, UsageError, type Values } from './flags.ts'
import { reach } from './live.ts'

export interface ServerParser {
  readonly parse: (text: string) => Promise<Parsed>
  readonly close: () => Promise<void>
}
interface Servers extends ServerParser {
  readonly plan: Plan
}

/** The servers that flags or NOMAD_ADDR name; why none, where nobody answers there. `variables`: a file of variables as text. */
export async function servers(variables: string, values: Values): Promise<Servers | string> {
  const reached = await reach(values, () => false)
  if (reached instanceof UsageError) return reached.message.split('\n', 1).join('')
  const { ask, close } = reached.live
  const usual = textOf(values, 'namespace') ?? process.env['NOMAD_NAMESPACE'] ?? ''
  return {
    parse: (text) => parseJob(ask, text, variables),
    plan: planner(ask, variables, ['', '*'].includes(usual) ? undefined : usual),
    close,
  }
}
