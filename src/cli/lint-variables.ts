import { kindOf } from '../jobfile/kind.ts'
import { declaredBy } from '../jobfile/read.ts'
import type { Source } from '../probes/agent-file.ts'
import { nearest } from '../run/nearest.ts'
import { UsageError } from './flags.ts'
import { parsers } from './lint-open.ts'

/** Variables by the flag that gives them a value. */
export interface Asked {
  readonly flags: readonly string[]
  readonly files: readonly string[]
}

/**
 * Variables with a value that none of the job files declares. Nomad refuses both; those of a file only as long as it is
 * strict, so that one file of values may serve many jobs: these are notes.
 */
export async function undeclared(
  { flags, files }: Asked,
  read: readonly Source[],
): Promise<UsageError | readonly string[]> {
  const declared = new Set<string>()
  if (flags.length + files.length === 0) return []
  for (const { name, text } of read) {
    if (kindOf(name, text) !== 'job') continue
    const found = await declaredBy(text, parsers())
    if (!found) return []
    for (const one of found) declared.add(one)
  }
  const wrong = flags.find((name) => !declared.has(name))
  if (wrong !== undefined)
    return new UsageError(`--var ${wrong}: no job file here declares this variable`, nearest(wrong, [...declared]))
  return files
    .filter((name) => !declared.has(name))
    .map(
      (name) =>
        `--var-file: no job file here declares ${name}; Nomad refuses it unless it runs with -hcl2-strict=false`,
    )
}
