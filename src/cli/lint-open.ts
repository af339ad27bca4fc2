import { hclParser, type HclParser } from '../jobfile/parser.ts'
import { programOf } from '../jobfile/kind.ts'
import { givenValues, readJobFile } from '../jobfile/read.ts'
import type { SyntaxProblem } from '../jobfile/ast.ts'
import type { Refusal } from '../jobfile/schema-words.ts'
import type { GivenBy } from '../jobfile/edit-home.ts'
import { asFile, type Given } from '../jobfile/variables.ts'
import { distance } from '../knowledge/distance.ts'
import { jobsIn, type FileJob } from '../probes/job-file.ts'
import type { FileProblem } from '../renderers/lint.ts'
import type { Plan } from '../run/planner.ts'
import { sayError } from '../sources/reply.ts'
import { readText } from '../sources/text-file.ts'
import { wasmFiles } from '../sources/wasm.ts'
import { UsageError, type Values } from './flags.ts'
import type { ServerParser } from './lint-server.ts'
import type { Asked } from './lint-variables.ts'

/** What a file gave. */
export interface OpenedFile {
  readonly jobs: readonly FileJob[]
  readonly problems: readonly FileProblem[]
  readonly holes: readonly string[]
  /** It is whole, and holds no job. */
  readonly jobless?: true
}
/** `close`: ends the connection to the servers whose parser it uses. */
export type Opener = ((name: string, text: string) => Promise<OpenedFile>) & {
  readonly close?: () => Promise<void>
  readonly asked?: Asked
  /** By what a variable has its value, where that is not its default. */
  readonly given?: GivenBy
  /** What the servers would do with an edited file; always with the reason where no servers are asked, `unasked`. */
  readonly plan?: Plan
  readonly unasked?: string
  /** The same, of servers that were named. */
  readonly unheard?: string
}

let made: HclParser | undefined
/** The parsers, each loaded once, when a text needs it. */
export const parsers = (): HclParser => (made ??= hclParser(wasmFiles))

/** Reads the values of variables: environment, then files, then the command line. */
export async function opener(
  vars: readonly string[],
  varFiles: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  flags: Values = {},
): Promise<Opener | UsageError> {
  const parser = parsers()
  const files: { name: string; text: string }[] = []
  for (const name of varFiles) {
    try {
      files.push({ name, text: await readText(name) })
    } catch (error) {
      return new UsageError(`--var-file ${name}: ${sayError(error)}`)
    }
  }
  const wrong = vars.find((pair) => !/^[^=]+=/.test(pair))
  if (wrong !== undefined) return new UsageError(`--var ${wrong}: expected NAME=VALUE`)
  const given = await givenValues(vars, files, env, parser)
  if (typeof given === 'string') return new UsageError(`--var-file ${given}`)
  const nobody = unnamed(flags, env)
  const reached = nobody ?? (await (await import('./lint-server.ts')).servers(asFile(given), flags))
  // Servers that were named for this run have to be there.
  if (typeof reached === 'string' && flags['address'] !== undefined) return new UsageError(reached)
  const inFiles = [...given].flatMap(([name, value]) => ('value' in value ? [name] : []))
  const asked = { flags: vars.map((pair) => pair.slice(0, pair.indexOf('='))), files: inFiles }
  const by = new Map([...given].map(([name, one]) => [name, one.by] as const))
  const asking =
    typeof reached === 'string'
      ? {
          unasked: reached,
          ...(nobody === undefined ? { unheard: reached } : {}),
          plan: () => Promise.resolve({ unplanned: reached }),
        }
      : { close: reached.close, plan: reached.plan }
  return Object.assign(openerOf(given, parser, typeof reached === 'string' ? undefined : reached), {
    asked,
    given: by,
    ...asking,
  })
}

/** Why no servers are asked; undefined where some are named. */
function unnamed(flags: Values, env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (flags['offline'] === true) return 'with --offline no servers are asked'
  return flags['address'] === undefined && !env['NOMAD_ADDR']
    ? 'neither NOMAD_ADDR nor --address names servers'
    : undefined
}

/** Reads files with these values of variables. */
export const openerOf =
  (given: Given, parser: HclParser, server?: ServerParser): Opener =>
  async (name, text) => {
    const file = await readJobFile(text, given, parser)
    const parsed = file.jobs.length === 1 && !/^\s*\{/.test(text) ? ((await server?.parse(text)) ?? null) : null
    if (parsed && 'line' in parsed) return { jobs: [], problems: [{ file: name, ...parsed }], holes: [] }
    // The servers may know more than the releases of which we know the blocks.
    const refused = parsed ? [] : file.refused.map(withNearest)
    const found = refused.length > 0 ? [] : jobsIn(file, name, text, parsed?.job)
    const unread = found.flatMap((job) => ('why' in job ? [job.why] : []))
    const jobless = file.jobs.length === 0 && file.problems.length === 0
    const problems = jobless ? [empty(text)] : [...file.problems, ...refused]
    return {
      jobs: found.flatMap((job) => ('held' in job ? [job] : [])),
      problems: problems.map((problem) => ({ file: name, ...problem })),
      holes: parsed || refused.length > 0 ? unread : [...file.holes.said(), ...file.unset, ...unread],
      ...(jobless ? { jobless } : {}),
    }
  }

function empty(text: string): SyntaxProblem {
  const program = programOf(text)
  const detail =
    program === undefined
      ? ''
      : `This is a configuration of ${program}; lint reads agents of Nomad, jobs and CNI networks.`
  return { line: 1, column: 1, summary: 'No job in this file', detail }
}

/** As HCL itself offers the name that is meant: at most two letters away. */
export function withNearest({ name = '', among = [], detail, ...problem }: Refusal): SyntaxProblem {
  const [meant] = among
    .map((one) => ({ one, far: distance(name, one) }))
    .filter(({ far }) => far < 3)
    .toSorted((a, b) => a.far - b.far)
  return { ...problem, detail: meant ? `${detail} Did you mean "${meant.one}"?` : detail }
}
