/** The lines of a job file by what they hold: comments of all three kinds, and whether anything else. */
export interface Line {
  readonly comments: readonly { readonly text: string; readonly column: number }[]
  readonly code: boolean
  /** How many braces are open before it. */
  readonly depth: number
  /** It belongs to the text of a heredoc, in which no comment can stand. */
  readonly text: boolean
}

const string = /"(?:[^"\\]|\\.)*"?/y
const heredoc = /<<-?([A-Za-z_][A-Za-z0-9_]*)\s*$/

/** A block comment may go over several lines, each of which has its part of it; a heredoc has none. */
export function linesOf(text: string): readonly Line[] {
  let open = false
  let mark: string | undefined
  let depth = 0
  return text.split(/\r?\n/).map((line, index, all) => {
    if (mark !== undefined) {
      if (line.trim() === mark) mark = undefined
      return { comments: [], code: true, depth, text: true }
    }
    const before = depth
    const comments: { text: string; column: number }[] = []
    let code = false
    let begun: number | undefined
    for (let at = 0; at < line.length;) {
      if (open) {
        const end = line.indexOf('*/', at)
        const said = line.slice(at, end < 0 ? undefined : end)
        comments.push({ text: said, column: begun ?? at + said.search(/\S|$/) + 1 })
        begun = undefined
        open = end < 0
        at = end < 0 ? line.length : end + 2
      } else if (line[at] === '#' || line.startsWith('//', at)) {
        comments.push({ text: line.slice(at + (line[at] === '#' ? 1 : 2)), column: at + 1 })
        at = line.length
      } else if (line.startsWith('/*', at) && closes(line.slice(at + 2), all, index)) {
        open = true
        begun = at + 1
        at += 2
      } else {
        code ||= line[at] !== ' ' && line[at] !== '\t'
        depth += line[at] === '{' ? 1 : line[at] === '}' ? -1 : 0
        string.lastIndex = at
        at = string.test(line) ? string.lastIndex : at + 1
      }
    }
    if (code) mark = heredoc.exec(line)?.[1]
    return { comments, code, depth: before, text: false }
  })
}

const closes = (rest: string, all: readonly string[], index: number): boolean =>
  rest.includes('*/') || all.some((line, i) => i > index && line.includes('*/'))
