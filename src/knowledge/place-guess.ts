/**
 * Where a sentence about a job points when its fault does not say: the line, among those of the thing it is about, whose
 * own words the sentence repeats. Rare words count more than words that stand in many lines.
 */
import { readable } from './hole.ts'
import { placeOf, type Location, type Place } from './place.ts'
import type { Seen, World } from './fact.ts'
import type { JobSpec } from './shapes/job.ts'

interface Line {
  readonly location: Location
  readonly words: ReadonlySet<string>
  /** Of an attribute: its name. */
  readonly name?: string
  /** Words of the block's labels around it. */
  readonly labels: readonly string[]
  readonly bonus: number
}

/** Where a verdict points: where its fault says, else the line it speaks of, else the place of its evidence. */
export function locationFor({ says, thing, given, location, evidence }: Pointing, world: World): Location | undefined {
  const file = evidence.find((seen) => seen.file)?.file
  return (
    location ??
    guessed(says, partsOf(thing, given, world)) ??
    (file && { file: file.name, line: file.line, column: file.column })
  )
}

interface Pointing {
  readonly says: string
  readonly thing: string
  readonly given: object
  readonly location?: Location
  readonly evidence: readonly Seen[]
}

/** The parts of its job that a verdict may speak of, the closest first. */
function partsOf(id: string, given: object, { things, facts }: World): readonly unknown[] {
  const thing = things.get(id)
  const job = facts.get((thing?.kind === 'job' ? id : thing?.links.job) ?? '')?.get('job.spec')
  const spec = job?.known ? (job.value as JobSpec) : undefined
  if (thing?.kind === 'job') return [spec]
  const group = spec?.groups.find(({ name }) => name === thing?.names.group)
  const task = group && readable(() => group.tasks.find(({ name }) => name === thing?.names.task), undefined)
  return [task, group, ...Object.values(given)].filter((part) => part !== undefined)
}

/** `parts`: where to look, the closest first; each next one counts a little less. */
function guessed(says: string, parts: readonly unknown[]): Location | undefined {
  const wanted = new Set(wordsOf(says))
  const lines = linesOf(parts)
  const frequency = new Map<string, number>()
  for (const { words } of lines) for (const word of words) frequency.set(word, (frequency.get(word) ?? 0) + 1)
  const score = ({ name, words, labels, bonus }: Line): number => {
    const shared = [...words].filter((word) => wanted.has(word))
    const value = shared.reduce((sum, word) => sum + 2 / (frequency.get(word) ?? 1), 0)
    const around = labels.some((label) => wanted.has(label)) ? 0.6 : 0
    if (name === undefined) return value + around + 0.3 + bonus
    const spelt = says.includes(`${name} = `) || says.includes(`${name} "`) ? 2.5 : 0
    const stem = name.replace(/s$/, '')
    const called = [name, stem, `${stem}s`].some((form) => wanted.has(form)) ? 0.8 : 0
    return value + Math.max(spelt, called) + around + bonus
  }
  const best = lines
    .map((line) => ({ line, score: score(line) }))
    .toSorted((a, b) => b.score - a.score || a.line.location.line - b.line.location.line)
  return best[0]?.line.location
}

function linesOf(parts: readonly unknown[]): readonly Line[] {
  const seen = new Set<object>()
  const lines: Line[] = []
  const visit = (value: unknown, depth: number, bonus: number) => {
    if (typeof value !== 'object' || value === null || seen.has(value) || depth > 12) return
    seen.add(value)
    const place = placeOf(value)
    if (place) lines.push(...linesIn(place, bonus))
    for (const key of Object.keys(value)) {
      const inner = readable(() => (value as Readonly<Record<string, unknown>>)[key], null)
      visit(inner, depth + 1, bonus)
    }
  }
  parts.forEach((part, i) => visit(part, 0, -i / 4))
  return lines
}

/** The header of a block, and each line of its attributes. What merely names a block speaks for all its lines. */
function linesIn({ block, title, attrs }: Place, bonus: number): readonly Line[] {
  const [type = '', ...own] = wordsOf(title)
  const names = Object.entries(attrs).filter(([name]) => /^(name|destination_name|destination)$/.test(name))
  const labels = [...own, ...names.flatMap(([name, { text }]) => wordsOf(text.slice(name.length)))]
  const inner = Object.entries(attrs).flatMap(([name, { text, ...location }]) =>
    text.split('\n').map((content, i): Line => {
      const naming = name === 'name' || name === 'driver' ? 0.8 : 0
      const words = new Set(naming ? [] : wordsOf(i === 0 ? content.slice(content.indexOf('=') + 1) : content))
      if (i === 0) return { location, words, name, labels, bonus: bonus - naming }
      const column = content.length - content.trimStart().length + 1
      const line = location.line + i
      const at = { file: location.file, line, column, endLine: line, endColumn: content.trimEnd().length + 1 }
      return { location: at, words, name, labels, bonus: bonus - 0.1 }
    }),
  )
  const container = /^(job|group|task)$/.test(type)
  return [{ location: block, words: new Set(container ? [] : own), labels: container ? [] : labels, bonus }, ...inner]
}

/** Short words say nothing of a place. */
const common = new Set(
  'a an and as at be by for from has in is it no not of on only or so that the to with name'.split(' '),
)
const wordsOf = (text: string): readonly string[] =>
  (text.match(/[\w.-]+(?<![.])/g) ?? []).filter((word) => !common.has(word))
