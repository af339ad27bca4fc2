/** Comments that silence a fault: `# netdoctor:ignore <fault-id> <reason>`. */
import { linesOf } from './comments.ts'

export interface Ignore {
  readonly fault: string
  readonly reason: string
  readonly line: number
  readonly column: number
  /** The line it speaks of; absent where it stands before everything else and speaks of the whole file. */
  readonly of?: number
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
      if (code) return [{ ...ignore, of: i + 1 }]
      if (first < 0 || i < first) return [ignore]
      const next = lines.findIndex((line, at) => at > i && line.code)
      return [{ ...ignore, of: next + 1 }]
    }),
  )
}
