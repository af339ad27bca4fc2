/** The type of each fact, as its line in src/knowledge/facts says it: types are gone when the program runs. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '..', '..', 'src', 'knowledge', 'facts')

export function factTypes(): ReadonlyMap<string, string> {
  const files = globSync('*.ts', { cwd: folder }).toSorted()
  return new Map(files.flatMap((file) => typesIn(readFileSync(join(folder, file), 'utf8'))))
}

function typesIn(source: string): [string, string][] {
  return Array.from(source.matchAll(/'([a-z0-9.-]+)':\s*fact</g), (match) => {
    const from = match.index + match[0].length
    return [match[1] ?? '', oneLine(source.slice(from, closing(source, from)))]
  })
}

/** The end of a type argument: the bracket that closes the one before `from`. Arrows do not occur in these types. */
function closing(source: string, from: number): number {
  let open = 1
  for (let at = from; at < source.length; at++) {
    if (source[at] === '<') open++
    if (source[at] === '>' && --open === 0) return at
  }
  return source.length
}

/** Members that stand on lines of their own get the semicolons they have on one line. */
const oneLine = (type: string): string =>
  type
    .trim()
    .replaceAll(/([\w\]>)}'])\n\s*(?=(readonly )?\w+\??:)/g, '$1; ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/<\s+/g, '<')
