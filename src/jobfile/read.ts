/** The whole way of a file: text to jobs of the API with positions, or what is wrong with its syntax. */
import type { Body, Expr, Span, SyntaxProblem } from './ast.ts'
import type { Json, Place } from './api.ts'
import { blockOf } from './block.ts'
import { Holes } from './holes.ts'
import { jobOf, withNames } from './job.ts'
import { apiJob, bodyOf, dataOf } from './json-job.ts'
import { jsonTree } from './json-text.ts'
import type { HclParser } from './parser.ts'
import { body } from './tree.ts'
import type { ReadTree } from './tree-node.ts'
import { fromPlain } from './value.ts'
import { refusedIn, type Spelling } from './schema.ts'
import { onlyOne, outsideOf } from './schema-top.ts'
import type { Refusal } from './schema-words.ts'
import { validationsIn } from './validation.ts'
import { declaredIn, scopeOf, unsetIn, valuesOf, type Given, type GivenValue } from './variables.ts'

export interface ReadJob {
  readonly json: Json
  readonly span: Span
}
export interface JobFile {
  readonly jobs: readonly ReadJob[]
  readonly places: ReadonlyMap<object, Place>
  readonly holes: Holes
  readonly problems: readonly SyntaxProblem[]
  /** What Nomad's parser of jobs does not take, though the syntax is valid. */
  readonly refused: readonly Refusal[]
  /** Variables without a value that no job needs; of the others, the holes tell. */
  readonly unset: readonly string[]
}

export async function readJobFile(text: string, given: Given, parser: HclParser): Promise<JobFile> {
  if (/^\s*[[{]/.test(text)) return parser.reading((read) => readJson(text, given, read))
  const problems = await parser.problems(text)
  if (problems.length > 0) return { ...nothing(), problems }
  return parser.reading((read) =>
    jobsOf(
      read(text, ({ rootNode }) => body(rootNode)),
      given,
      read,
      'hcl',
    ),
  )
}

/** The variables a job file declares; undefined where it cannot be read, or is JSON, which is never given any. */
export async function declaredBy(text: string, parser: HclParser): Promise<readonly string[] | undefined> {
  if (/^\s*\{/.test(text) || (await parser.problems(text)).length > 0) return undefined
  return parser.reading((read) => read(text, ({ rootNode }) => declaredIn(body(rootNode))))
}

const nothing = () => ({
  jobs: [],
  places: new Map<object, Place>(),
  holes: new Holes(),
  problems: [],
  refused: [],
  unset: [],
})

function jobsOf(syntax: Body, given: Given, read: ReadTree, spelling: Spelling): JobFile {
  const { places, holes, problems } = nothing()
  const scope = scopeOf(syntax, given, (value) => expressionIn(value, read))
  const blocks = syntax.blocks.filter(({ type }) => type === 'job').map((block) => blockOf(block, scope))
  const jobs = blocks.map((block) => ({ json: jobOf(block, { holes, places }), span: block.span }))
  const around = spelling === 'hcl' ? [...outsideOf(syntax), ...validationsIn(syntax, scope)] : []
  const refused = [...around, ...onlyOne(syntax), ...blocks.flatMap((block) => refusedIn(block, spelling))]
  const unset = jobs.length > 0 ? unsetIn(syntax, scope, holes.reasons) : []
  return { jobs, places, holes, problems, refused, unset }
}

function readJson(text: string, given: Given, read: ReadTree): JobFile {
  const root = jsonTree(text)
  if (!('kind' in root)) return { ...nothing(), problems: [root] }
  if (root.kind !== 'object') {
    const { line, column } = root.span
    const detail = 'A job in JSON is an object; of a list of jobs, each is a file of its own.'
    return { ...nothing(), problems: [{ line, column, summary: 'No job in this file', detail }] }
  }
  const job = apiJob(root)
  // JSON escapes its texts as HCL does.
  if (!job)
    return jobsOf(
      bodyOf(root, (template) => expressionIn(JSON.stringify(template), read)),
      given,
      read,
      'json',
    )
  const found = nothing()
  const { line, column } = job.span
  const span = { line, column, endLine: line, endColumn: column + 1 }
  return { ...found, jobs: [{ json: withNames(dataOf(job, found.places) as Json), span }] }
}

/** The value of a variable as a person writes it on the command line. */
function expressionIn(text: string, read: ReadTree): Expr {
  const [attribute] = read(`value = ${text}\n`, ({ rootNode }) => body(rootNode).attributes)
  const span = { line: 1, column: 1, endLine: 1, endColumn: 1 }
  return attribute?.value ?? { kind: 'unread', text, span }
}

/** Values of variables, the later ones counting: environment, files, command line. A text says what is wrong with a file. */
export async function givenValues(
  vars: readonly string[],
  files: readonly { readonly name: string; readonly text: string }[],
  env: Readonly<Record<string, string | undefined>>,
  parser: HclParser,
): Promise<Given | string> {
  const given = new Map<string, GivenValue>()
  for (const [key, text] of Object.entries(env))
    if (key.startsWith('NOMAD_VAR_') && text !== undefined)
      given.set(key.slice('NOMAD_VAR_'.length), { text, by: `the environment, ${key}` })
  for (const { name, text } of files) {
    const by = `--var-file ${name}`
    if (name.endsWith('.json')) {
      try {
        for (const [key, value] of Object.entries(JSON.parse(text) as object))
          given.set(key, { value: fromPlain(value), by })
      } catch {
        return `${name}: is not JSON`
      }
      continue
    }
    const [problem] = await parser.problems(text)
    if (problem) return `${name}:${problem.line}:${problem.column}: ${problem.summary}; ${problem.detail}`
    const values = await parser.reading((read) => read(text, ({ rootNode }) => valuesOf(body(rootNode))))
    for (const [key, value] of values) given.set(key, { value, by })
  }
  for (const pair of vars) {
    const name = pair.slice(0, pair.indexOf('='))
    given.set(name, { text: pair.slice(name.length + 1), by: `--var ${name}` })
  }
  return given
}
