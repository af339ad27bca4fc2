/** The lines of a configuration with the headings they stand under: sections, indentation, braces. */
export interface Line {
  readonly text: string
  /** Names of the headings, the outermost first. */
  readonly under: readonly string[]
}

interface Heading {
  readonly name: string
  readonly indent: number
  /** It holds until its brace is closed. */
  readonly brace?: true
}

const keyOf = (text: string): string => /^[-\s"']*([\w.-]+)/.exec(text)?.[1] ?? ''

export function sectionsOf(text: string): readonly Line[] {
  let section: readonly string[] = []
  let open: Heading[] = []
  return text.split('\n').map((line): Line => {
    // What a template does is no line of the file.
    const own = line.replace(/\{\{[\s\S]*?\}\}/g, ' ').trimEnd()
    const bare = own.trim()
    const under = (): readonly string[] => [...section, ...open.map(({ name }) => name).filter((name) => name !== '')]
    if (bare === '') return { text: line, under: under() }
    const [, header] = /^\[+\s*"?([^\]"]+)"?\s*\]+$/.exec(bare) ?? []
    if (header !== undefined) {
      section = [header]
      open = []
      return { text: line, under: [] }
    }
    if (/^[}\]]/.test(bare)) {
      const last = open.findLastIndex(({ brace }) => brace === true)
      open = last < 0 ? [] : open.slice(0, last)
      return { text: line, under: under() }
    }
    const indent = own.length - own.trimStart().length
    const kept = open.findIndex(
      (one, i) => one.brace !== true && one.indent >= indent && !open.slice(i).some(({ brace }) => brace),
    )
    if (kept >= 0) open = open.slice(0, kept)
    const found = { text: line, under: under() }
    const name = keyOf(bare)
    if (/[{[]$/.test(bare)) open.push({ name, indent, brace: true })
    else open.push({ name, indent })
    return found
  })
}
