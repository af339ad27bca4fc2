/** What probes over commands share: where a command runs, and how a parser's refusal becomes "unknown, because". */
import type { Ask, Request } from '../ask/request.ts'
import type { Held } from '../knowledge/fact.ts'
import type { FactKey, Facts } from '../knowledge/facts.ts'
import type { Thing } from '../knowledge/things.ts'
import type { Parsed } from '../packet/parsed.ts'
import { fromText, look, probe, seenIn, Shape, unknown, type Answer, type AnyProbe } from './probe.ts'

export const onNode = ({ names }: Thing, ...argv: readonly string[]): Request => ({
  via: 'node',
  node: names.node ?? '',
  argv,
})

export const inNetns = ({ names }: Thing, ...argv: readonly string[]): Request => ({
  via: 'netns',
  node: names.node ?? '',
  alloc: names.alloc ?? '',
  argv,
})

/** A parser's value; what it cannot read makes the fact unknown, with the line. */
export function whole<T>(parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.value
  throw new Shape(parsed.line === undefined ? parsed.why : `line ${parsed.line}: ${parsed.why}`)
}

/** The lines of a text that are not empty. */
export const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim() !== '')

type Place = (thing: Thing, ...argv: readonly string[]) => Request

interface Command<K extends FactKey> {
  readonly id: string
  readonly about: 'node' | 'alloc'
  readonly title: string
  readonly provides: K
  readonly at: Place
  readonly argv: readonly string[]
  readonly cost?: 'free' | 'slow'
  /** Value and excerpt; throws where the text is not what it should be. */
  readonly make: (text: string, stderr: string) => readonly [value: Facts[K], excerpt: string]
}

/** The common case: one command, one fact. */
export const command = <const K extends FactKey>(spec: Command<K>): AnyProbe =>
  probe<K>({
    id: spec.id,
    about: spec.about,
    title: spec.title,
    provides: [spec.provides],
    given: [],
    cost: spec.cost ?? 'free',
    read: (ask, thing) => look(ask, spec.at(thing, ...spec.argv)),
    parse: (answer) =>
      ({
        [spec.provides]: fromText(spec.id, answer, (text) => spec.make(text, answer.reply.stderr ?? '')),
      }) as { readonly [P in K]: Held<Facts[P]> },
  })

/** Two replies that make one value: the first refusal makes it unknown. */
export function joined<T>(
  by: string,
  answers: readonly [Answer, ...Answer[]],
  make: (texts: readonly string[]) => readonly [value: T, excerpt: string],
): Held<T> {
  const refused = answers.find(({ refusal }) => refusal !== null)
  if (refused) return unknown(refused)
  const found = fromText(by, answers[0], () => make(answers.map(({ reply }) => reply.body)))
  if (!found.known) return found
  // A list with nothing in it shows nothing.
  const others = answers.slice(1).filter(({ reply }) => reply.body.trim() !== '')
  const inputs = others.map(({ request, reply }) => seenIn(by, request, reply.at, linesOf(reply.body).join('\n')))
  return { ...found, seen: { ...found.seen, inputs } }
}

export const lookAll = (ask: Ask, requests: readonly Request[]): Promise<readonly Answer[]> =>
  Promise.all(requests.map((request) => look(ask, request)))
