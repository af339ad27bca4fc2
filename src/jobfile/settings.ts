/** `nomad-netdoctor.hcl` or `.json`: faults that a team has decided to live with, and why. */
import { contents } from './block.ts'
import { nowhere } from './evaluate.ts'
import type { HclParser } from './parser.ts'
import { body } from './tree.ts'
import { fromPlain, isList, isMap, type Value } from './value.ts'

export interface Silenced {
  readonly fault: string
  readonly reason: string
  /** Patterns of file names; all files when there is none. */
  readonly files: readonly string[]
  /** The configuration itself: the patterns are relative to its folder. */
  readonly by: string
}

/** What the file says, or what is wrong with it. */
export async function readSettings(
  name: string,
  text: string,
  parser: HclParser,
): Promise<readonly Silenced[] | string> {
  const entries = name.endsWith('.json') ? fromJson(text) : await fromHcl(text, parser)
  if (typeof entries === 'string') return `${name}${entries}`
  const found = entries.map(([fault, fields]) => silenced(name, fault, fields))
  const wrong = found.find((one) => typeof one === 'string')
  return wrong === undefined ? found.filter((one) => typeof one !== 'string') : `${name}: ${wrong}`
}

type Entry = readonly [fault: string, fields: ReadonlyMap<string, Value>]

async function fromHcl(text: string, parser: HclParser): Promise<readonly Entry[] | string> {
  const [problem] = await parser.problems(text)
  if (problem) return `:${problem.line}:${problem.column}: ${problem.summary}; ${problem.detail}`
  const syntax = await parser.reading((read) => read(text, ({ rootNode }) => body(rootNode)))
  const { attrs, blocks } = contents(syntax, nowhere())
  const [attribute] = attrs.keys()
  const other = attribute ?? blocks.find(({ type, labels }) => type !== 'ignore' || labels.length !== 1)?.type
  if (other !== undefined) return `: "${other}" is not known; write ignore "<fault-id>" { reason = "..." }`
  return blocks.map(({ labels, attrs: fields }) => [
    labels[0] ?? '',
    new Map([...fields].map(([name, { value }]) => [name, value])),
  ])
}

function fromJson(text: string): readonly Entry[] | string {
  let whole: Value
  try {
    whole = fromPlain(JSON.parse(text))
  } catch {
    return ': is not JSON'
  }
  const all =
    isMap(whole) && [...whole.keys()].every((key) => key === 'ignore') ? (whole.get('ignore') ?? new Map()) : null
  if (!isMap(all ?? undefined)) return ': expected {"ignore": {"<fault-id>": {"reason": "..."}}}'
  return [...(all as ReadonlyMap<string, Value>)].map(([fault, fields]) => [fault, isMap(fields) ? fields : new Map()])
}

function silenced(by: string, fault: string, fields: ReadonlyMap<string, Value>): Silenced | string {
  const other = [...fields.keys()].find((key) => key !== 'reason' && key !== 'files')
  if (other !== undefined) return `ignore "${fault}": "${other}" is not known; there are reason and files`
  const reason = fields.get('reason')
  if (typeof reason !== 'string' || reason.trim() === '') return `ignore "${fault}": the reason is missing`
  const files = fields.get('files') ?? []
  if (!isList(files) || !files.every((one) => typeof one === 'string'))
    return `ignore "${fault}": files takes a list of patterns`
  return { fault, reason, files, by }
}

/** `*` within a folder, `**` across folders. */
export function fits(pattern: string, file: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\?]/g, String.raw`\$&`)
    .split(/(\*\*\/?|\*)/)
    .map((part) => (part === '*' ? '[^/]*' : part.startsWith('**') ? '.*' : part))
    .join('')
  return new RegExp(`^(?:\\./)?${source}$`).test(file)
}
