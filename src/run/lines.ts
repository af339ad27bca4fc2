import type { Fault } from '../knowledge/fault.ts'
import { faultList } from '../knowledge/faults/index.ts'
import type { Weighed } from './align.ts'
import { answersOf, lookups } from './dialects.ts'
import { namesConsul, namesTask } from './looked-up.ts'
import { tokens, type Token } from './words.ts'

/** A line people paste, as pasted texts are compared with it. */
export interface Line {
  readonly fault: Fault
  readonly line: string
  /** Its place among the lines of its fault. */
  readonly place: number
  readonly words: readonly Weighed[]
  readonly whole: number
  /** It ends with a placeholder: what comes after it says more than it does. */
  readonly open: boolean
  /** A line of a configuration: what a text has to look like that sets it, too. */
  readonly sets: RegExp | undefined
  /** What a system call or a name service answered, as the line tells it. */
  readonly answers: readonly string[]
  /** Ports that it names as such, of whatever host. */
  readonly ports: ReadonlySet<string>
  /** Whose name it says that was looked up, or its fault does: one of Consul, whatever the service, or that of a task. */
  readonly nameOf: 'consul' | 'task' | undefined
  /** It says what became of a name that was looked up. */
  readonly lookup: boolean
  /** It is such a line without the name: for texts that do not say it either. */
  readonly nameless: boolean
  /** Where it dials: on loopback, or at an address that it leaves open. */
  readonly dials: 'loopback' | 'anywhere' | undefined
}

let lines: readonly Line[] | undefined
let weights: ReadonlyMap<string, number> | undefined

export const allLines = (): readonly Line[] => (lines ??= readLines())

/** How rare a word is among all lines; none has it at 0. */
export const weightOfWord = (word: string): number => weights?.get(word) ?? 0

export const weightOf = (words: readonly Weighed[]): number =>
  words.reduce((sum, { weight, varies }) => sum + (varies ? 0 : weight), 0)

/** Addresses that are the same on every machine. */
export const loopback = /^(?:127\.\d+\.\d+\.\d+|loopback_six)$/

const named = /(?:127\.0\.0\.1|localhost|\[::1\]|<address>):(\d+)/g

/** The ports that a text names where they stand behind a host. */
export const portsIn = (text: string, where: RegExp): ReadonlySet<string> =>
  new Set(Array.from(text.matchAll(where), ([, port = '']) => port))

function readLines(): readonly Line[] {
  const all = faultList.flatMap((fault) =>
    fault.heard.map((line, place) => ({ fault, line, place, tokens: tokens(line) })),
  )
  const counts = new Map<string, number>()
  for (const { tokens: own } of all)
    for (const word of new Set(own.map((token) => token.word))) counts.set(word, (counts.get(word) ?? 0) + 1)
  weights = new Map([...counts].map(([word, count]) => [word, Math.log(all.length / count)]))
  return all.flatMap(({ fault, line, place, tokens: own }) => {
    const fixed = own.some(({ varies }) => !varies)
    const words = own.map((token) => weighed(token, fixed))
    const answers = answersOf(line)
    const lookup = answers.some((answer) => lookups.has(answer)) || /\blookup </.test(line)
    const one: Line = {
      fault,
      line,
      place,
      words,
      sets: setting(line),
      open: /(?:>|…|\.\.\.)$/.test(line.trim()),
      answers,
      ports: portsIn(line, named),
      nameOf: namesConsul(line) ? 'consul' : lookup && fault.heard.some(namesTask) ? 'task' : undefined,
      lookup,
      nameless: false,
      dials: dialled(line),
      whole: weightOf(words),
    }
    if (one.nameOf !== 'consul' || !answers.includes('no such host')) return one
    const bare = tokens('lookup <name>: no such host').map((token) => weighed(token, true))
    return [
      one,
      { ...one, words: bare, whole: weightOf(bare), answers: ['no such host'], place: Infinity, nameless: true },
    ]
  })
}

function weighed(token: Token, fixed: boolean): Weighed {
  const varies = token.varies && fixed && !loopback.test(token.word)
  const weight = weights?.get(token.word) ?? 0
  return { ...token, varies, weight: varies ? Math.min(1, weight) : weight }
}

function dialled(line: string): Line['dials'] {
  if (/dial tcp (?:127\.0\.0\.1|localhost|\[::1\]):/.test(line)) return 'loopback'
  return line.includes('dial tcp <address>:<port>') ? 'anywhere' : undefined
}

/** `cni_path = "opt/cni/bin"` is a setting; errors that name its value are none. */
function setting(line: string): RegExp | undefined {
  const [, name] = /^([a-z_]+) = /.exec(line) ?? []
  return name === undefined || / = .* /.test(line) ? undefined : new RegExp(String.raw`\b${name}\s*=`)
}

/** Words that call no fault there: `connect: …` names the system call, not the mesh, and `no such host` no host. */
const saidOtherwise: ReadonlyMap<string, RegExp> = new Map([
  ['connect', /(?:^|: )connect: /],
  ['host', /no such host/],
  ['server', /server misbehaving/],
  ['service', /\.service\.consul/],
  ['consul', /\.consul\b/],
])

/** Up to a half: of several faults that print one text, the one that is called by its words comes first. */
export function called({ fault, line, words: all }: Line, known: ReadonlyMap<string, number>): number {
  const parts = fault.id.split('-')
  const words = all.filter(({ word }) => known.has(word) && saidOtherwise.get(word)?.test(line) !== true)
  const said = parts.filter((part) => words.some(({ word }) => word === part.replace(/s$/, '')))
  return said.length / parts.length / 2
}
