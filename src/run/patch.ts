/** Two texts as what differs between them. */
import { createTwoFilesPatch, FILE_HEADERS_ONLY, structuredPatch } from 'diff'
import type { LineChange } from '../knowledge/fault.ts'

/** A unified diff with its last line end, as `git apply` wants it; empty when nothing differs. */
export const patch = (name: string, before: string, after: string): string =>
  before === after
    ? ''
    : createTwoFilesPatch(name, name, before, after, undefined, undefined, {
        context: 3,
        headerOptions: FILE_HEADERS_ONLY,
      })

/** The lines that differ, and what stands there afterwards. */
export const lineChanges = (before: string, after: string): readonly LineChange[] =>
  structuredPatch('', '', before, after, undefined, undefined, { context: 0 }).hunks.map(
    ({ oldStart, oldLines, lines }) => {
      const line = oldLines === 0 ? oldStart + 1 : oldStart
      const added = lines.filter((one) => one.startsWith('+')).map((one) => `${one.slice(1)}\n`)
      const whole = lines.at(-1)?.startsWith('\\') ? added.join('').slice(0, -1) : added.join('')
      return { line, endLine: line + oldLines, text: whole }
    },
  )
