/** Comments that silence a fault: `# netdoctor:ignore <fault-id> <reason>`. */
import { linesOf, type Line } from './comments.ts'

export interface Ignore {
  readonly fault: string
  readonly reason: string
  readonly line: number
  readonly column: number
  /** The lines it speaks of; absent where it stands before everything else and speaks of the whole file. */
  readonly of?: readonly number[]
}

const asked = /(?:^|#|\/\/)[\s*]*(netdoctor:ignore)(?:[ \t]+(\S+))?(?:[ \t]+(\S.*))?$/

export function ignoresIn(text: string): readonly Ignore[] {
  // Most files have none, and need not be read for it.
  if (!text.includes('netdoctor:ignore')) return []
  const lines = linesOf(text)
  const first = lines.findIndex(({ code }) => code)
  return lines.flatMap(({ comments, code }, i) =>
    comments.flatMap((comment) => {
      const found = asked.exec(comment.text.trimEnd())
      if (!found) return []
      const [, , fault = '', reason = ''] = found
      const ignore = { fault, reason: reason.trim(), line: i + 1, column: comment.column }
      if (code) return [{ ...ignore, of: meant(lines, i) }]
      if (first < 0 || i < first) return [ignore]
      const next = lines.findIndex((line, at) => at > i && line.code)
      return [{ ...ignore, of: meant(lines, next) }]
    }),
  )
}

/** A line, with the heredoc that begins there; of a block, those of its own arguments as well: no comment can stand in them. */
function meant(lines: readonly Line[], at: number): readonly number[] {
  const own = lines[at]
  if (!own) return []
  const found = [at + 1]
  for (const [i, line] of lines.entries()) {
    if (i <= at) continue
    if (!line.text && line.depth <= own.depth) break
    if (line.depth <= own.depth + 1 && (line.text || lines[i + 1]?.text === true)) found.push(i + 1)
  }
  return found
}
