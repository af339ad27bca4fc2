/** Comments that silence a fault: `# netdoctor:ignore <fault-id> <reason>`. */
export interface Ignore {
  readonly fault: string
  readonly reason: string
  readonly line: number
  /** The line it speaks of; absent where it stands before everything else and speaks of the whole file. */
  readonly of?: number
}

const comment = /(?:#|\/\/)\s*netdoctor:ignore(?:[ \t]+(\S+))?(?:[ \t]+(\S.*))?$/
const onlyComment = /^\s*(#|\/\/|$)/

export function ignoresIn(text: string): readonly Ignore[] {
  const lines = text.split(/\r?\n/)
  const first = lines.findIndex((line) => !onlyComment.test(line))
  return lines.flatMap((content, i) => {
    const found = comment.exec(content)
    if (!found) return []
    const [, fault = '', reason = ''] = found
    const ignore = { fault, reason: reason.trim(), line: i + 1 }
    if (!onlyComment.test(content)) return [{ ...ignore, of: i + 1 }]
    if (first < 0 || i < first) return [ignore]
    const next = lines.findIndex((line, at) => at > i && !onlyComment.test(line))
    return [{ ...ignore, of: next + 1 }]
  })
}
