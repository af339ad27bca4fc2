/** Facts of a job that exists only as a file: the same reader as for the API, with the places of all blocks. */
import type { Held } from '../knowledge/fact.ts'
import { hollow } from '../knowledge/hole.ts'
import { setPlace, type Place } from '../knowledge/place.ts'
import type { JobSpec } from '../knowledge/shapes/job.ts'
import { filled, isJson } from '../jobfile/filled.ts'
import { markOfBlock, type Holes } from '../jobfile/holes.ts'
import type { JobFile, ReadJob } from '../jobfile/read.ts'
import type { Span } from '../jobfile/ast.ts'
import { jobSpec } from './nomad/job-spec.ts'
import { pairs } from './job-file-pairs.ts'

export interface FileJob {
  readonly id: string
  readonly namespace: string
  readonly held: Held<JobSpec>
}

/**
 * The jobs of a file. One whose name itself cannot be evaluated is left out, with the reason. `parsed`: the job as the
 * servers read the same file, which may know what could not be evaluated here.
 */
export function jobsIn(
  file: JobFile,
  name: string,
  text: string,
  parsed?: unknown,
): readonly (FileJob | { readonly why: string })[] {
  const lines = text.split('\n')
  return file.jobs.map((job) => jobIn(job, file, name, lines, parsed))
}

function jobIn(
  { json: own, span }: ReadJob,
  { holes, places: inFile }: JobFile,
  file: string,
  lines: readonly string[],
  parsed: unknown,
) {
  const read = { json: own, places: inFile }
  const { json, places } = isJson(parsed) ? filled(read, parsed, holes) : read
  const named = holes.reasonOf(json['ID']) ?? holes.reasonOf(json['Namespace'])
  if (named !== undefined) return { why: named }
  try {
    const spec = jobSpec(json)
    for (const [block, from] of pairs(spec, json)) {
      const found = places.get(from)
      if (found) setPlace(block, placed(found, file, lines))
    }
    for (const [block, from] of pairs(spec, json)) mark(block, from, holes)
    empty(spec, holes)
    const excerpt = lines.slice(span.line - 1, span.line + 2).join('\n')
    const seen = { by: 'job-file', ask: `["file","${file}"]`, request: file, excerpt, at: '' }
    const at = { name: file, line: span.line, column: span.column }
    return {
      id: spec.id,
      namespace: spec.namespace,
      held: { known: true, value: spec, seen: { ...seen, file: at } },
    } as const
  } catch (error) {
    return { why: `the job cannot be read: ${error instanceof Error ? error.message : String(error)}` }
  }
}

/** A place as faults point at it: with its words. */
export function placed(
  { block, attrs }: { block: Span; attrs: Readonly<Record<string, Span>> },
  file: string,
  lines: readonly string[],
): Place {
  const texts = Object.entries(attrs).map(
    ([name, span]) => [name, { file, ...span, text: textOf(span, lines) }] as const,
  )
  return { block: { file, ...block }, title: textOf(block, lines), attrs: Object.fromEntries(texts) }
}

function textOf({ line, column, endLine, endColumn }: Span, lines: readonly string[]): string {
  const found = lines.slice(line - 1, endLine)
  const last = found.length - 1
  return found.map((text, i) => text.slice(i === 0 ? column - 1 : 0, i === last ? endColumn - 1 : undefined)).join('\n')
}

/** A block with a part that nothing can stand for is not known at all, its name excepted. */
function mark(block: object, from: Readonly<Record<string, unknown>>, holes: Holes): void {
  const index = from[markOfBlock]
  const why = typeof index === 'number' ? holes.reasons[index] : undefined
  if (why === undefined) return
  for (const key of Object.keys(block))
    if (key !== 'name' && key !== 'id' && key !== 'namespace') hollow(block, key, why)
}

/** Values that stand for nothing become ones that cannot be read. */
function empty(owner: object, holes: Holes): void {
  for (const key of Object.keys(owner)) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, key)
    if (!descriptor || descriptor.get) continue
    const value: unknown = descriptor.value
    const why = holes.reasonOf(value)
    if (why !== undefined) hollow(owner, key, why)
    else if (typeof value === 'object' && value !== null) empty(value, holes)
  }
}
