import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ask } from '../src/ask/request.ts'
import { reader } from '../src/cli/reader.ts'
import { exitCode } from '../src/knowledge/exit-code.ts'
import { nothingTold, type Told } from '../src/knowledge/told.ts'
import { faultById } from '../src/knowledge/faults/index.ts'
import type { Report } from '../src/knowledge/report.ts'
import { gather, picture, type Picture, type RawFacts } from '../src/run/loop.ts'
import { reported } from '../src/run/reported.ts'
import { subjectOf } from '../src/run/subject.ts'
import { cached } from '../src/sources/cache.ts'
import { CaseError, openCase, type Case } from '../src/sources/case.ts'

/** What is really wrong in a recording. For tests alone: the program never sees it. */
export interface Truth {
  readonly state: 'broken' | 'healthy' | 'repaired' | 'denied'
  /** Catalogue ids, the cause first. */
  readonly faults: readonly string[]
  /** Harmless traces and consequences that may be reported as well. */
  readonly also: readonly string[]
}
export interface Recording {
  readonly id: string
  readonly dir: string
  readonly truth: Truth
}

const folders = ['cases', 'test/recordings'].filter((folder) => existsSync(folder))

/** Every recorded cluster: those shipped with the program and those only the tests need. */
export const recordings: readonly Recording[] = folders
  .flatMap((folder) =>
    readdirSync(folder)
      .map((id) => ({ id, dir: join(folder, id) }))
      .filter(({ dir }) => existsSync(join(dir, 'case.json'))),
  )
  .toSorted((a, b) => a.id.localeCompare(b.id))
  .map(({ id, dir }) => {
    const { truth } = JSON.parse(readFileSync(join(dir, 'case.json'), 'utf8')) as { truth?: Partial<Truth> }
    return {
      id,
      dir,
      truth: { state: truth?.state ?? 'healthy', faults: truth?.faults ?? [], also: truth?.also ?? [] },
    }
  })

/** Recordings whose cause the program does not know yet cannot be right; their number can only shrink. */
export const isKnown = ({ truth }: Recording): boolean =>
  truth.faults.length === 0 || faultById.has(truth.faults[0] ?? '')

/** The case opened last: tests diagnose one recording many times in a row. */
let last: { readonly dir: string; readonly found: Promise<Case | CaseError> } | undefined

export async function opened({ dir }: Pick<Recording, 'dir'>): Promise<Case> {
  if (last?.dir !== dir) last = { dir, found: openCase(dir) }
  const found = await last.found
  if (found instanceof CaseError) throw new Error(found.message)
  return found
}

export interface Diagnosed extends Picture {
  readonly facts: RawFacts
  readonly code: 0 | 1 | 3
}

/** One diagnosis as the program makes it, over the recorded replies or what `change` makes of them. */
export async function diagnosed(recording: Recording, change: (ask: Ask) => Ask = (ask) => ask): Promise<Diagnosed> {
  const found = await opened(recording)
  const aim = { kind: 'path', subject: subjectOf(found.info) } as const
  const told: Told = { ...nothingTold, answers: found.info.told ?? {} }
  const facts = await gather(aim, change(cached(found.ask).ask), new Map(), () => told)
  const seen = picture(aim, facts, told)
  return { ...seen, facts, code: exitCode(seen.report) }
}

/** What the commands print of an opened case: with its edits tried. */
export const reportOver = (ask: Ask, { info }: Case): Promise<Report> =>
  reported(
    { kind: 'path', subject: subjectOf(info) },
    { ask, told: { ...nothingTold, answers: info.told ?? {} } },
    reader,
  )

/** The same of a folder, over its replies or what `change` makes of them. */
export async function reportOf(dir: string, change: (ask: Ask) => Ask = (ask) => ask): Promise<Report> {
  const found = await opened({ dir })
  return reportOver(cached(change(found.ask)).ask, found)
}
