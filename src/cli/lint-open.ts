import { readFile } from 'node:fs/promises'
import { hclParser, type HclParser } from '../jobfile/parser.ts'
import { givenValues, readJobFile } from '../jobfile/read.ts'
import type { Given } from '../jobfile/variables.ts'
import { jobsIn, type FileJob } from '../probes/job-file.ts'
import type { FileProblem } from '../renderers/lint.ts'
import { sayError } from '../sources/reply.ts'
import { wasmFiles } from '../sources/wasm.ts'
import { UsageError } from './flags.ts'

/** What a file gave. */
export interface OpenedFile {
  readonly jobs: readonly FileJob[]
  readonly problems: readonly FileProblem[]
  readonly holes: readonly string[]
}
export type Opener = (name: string, text: string) => Promise<OpenedFile>

let loaded: Promise<HclParser> | undefined
/** The parsers, loaded once. */
export const parsers = (): Promise<HclParser> => (loaded ??= wasmFiles().then(hclParser))

/** Loads the parsers, and reads the values of variables: environment, then files, then the command line. */
export async function opener(
  vars: readonly string[],
  varFiles: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Opener | UsageError> {
  const parser = await parsers()
  const files: { name: string; text: string }[] = []
  for (const name of varFiles) {
    try {
      files.push({ name, text: await readFile(name, 'utf8') })
    } catch (error) {
      return new UsageError(`--var-file ${name}: ${sayError(error)}`)
    }
  }
  const wrong = vars.find((pair) => !/^[^=]+=/.test(pair))
  if (wrong !== undefined) return new UsageError(`--var ${wrong}: expected NAME=VALUE`)
  const given = await givenValues(vars, files, env, parser)
  if (typeof given === 'string') return new UsageError(`--var-file ${given}`)
  return openerOf(given, parser)
}

/** Reads files with these values of variables. */
export const openerOf =
  (given: Given, parser: HclParser): Opener =>
  async (name, text) => {
    const file = await readJobFile(text, given, parser)
    const found = jobsIn(file, name, text)
    const unread = found.flatMap((job) => ('why' in job ? [job.why] : []))
    const empty = { line: 1, column: 1, summary: 'No job in this file', detail: '' }
    const problems = file.jobs.length === 0 && file.problems.length === 0 ? [empty] : file.problems
    return {
      jobs: found.flatMap((job) => ('held' in job ? [job] : [])),
      problems: problems.map((problem) => ({ file: name, ...problem })),
      holes: [...new Set([...file.holes.reasons, ...unread])],
    }
  }
