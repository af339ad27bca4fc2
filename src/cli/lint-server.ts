import { parseJob, type Parsed } from '../sources/job-parse.ts'
import { UsageError } from './flags.ts'
import { reach } from './live.ts'

export interface ServerParser {
  readonly parse: (text: string) => Promise<Parsed>
  readonly close: () => Promise<void>
}

/** The parser of the servers that NOMAD_ADDR names; none where nobody answers there. `variables`: a file of variables as text. */
export async function serverParser(variables: string): Promise<ServerParser | undefined> {
  const reached = await reach({}, () => false)
  if (reached instanceof UsageError) return undefined
  const { ask, close } = reached.live
  return { parse: (text) => parseJob(ask, text, variables), close }
}
