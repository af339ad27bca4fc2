import { clean } from '../ask/clean.ts'
import type { Fault } from '../knowledge/fault.ts'
import { faultList } from '../knowledge/faults/index.ts'
import { inGo } from './dialects.ts'
import { rarer } from './usual.ts'

/** A line people paste, and how much of it the pasted text has. */
export interface Heard {
  readonly fault: Fault
  readonly line: string
  /** Weight of the words of the text that the line has; equal where the text alone cannot tell two lines apart. */
  readonly fit: number
  /** It has little of the line, and the line little of it: they only share words. */
  readonly loose: boolean
}

interface Word {
  readonly word: string
  /** How rare it is among all lines: ln(lines / lines with it). */
  readonly weight: number
  /** A quoted value or a number: it adds to a line that fits without it, and does not speak against one. */
  readonly varies: boolean
}

interface Line extends Omit<Heard, 'fit' | 'loose'> {
  /** Its place among the lines of its fault. */
  readonly place: number
  readonly words: readonly Word[]
  readonly whole: number
  /** It ends with a placeholder: what comes after it says more than it does. */
  readonly open: boolean
  /** A line of a configuration: what a text has to look like that sets it, too. */
  readonly sets: RegExp | undefined
}

/** How a line fits a text: the weight of the words that do, and where the last of them stands in both. */
interface Fit {
  readonly score: number
  readonly end: number
  readonly ends: number
}

interface Token {
  readonly word: string
  readonly varies: boolean
}

/** A pasted text is looked at up to here: a log of a whole day is no line. */
const mostWords = 400
/** What a word costs that stands between two that fit: values and decoration stand there, other sentences, too. */
const gap = 0.3
/** Part of a line that has to fit, or of what fits best: people paste parts of lines, too. */
const enough = 0.6
/** Part of a line from which on it stands there as a whole: values between its words cost the rest. */
const whole = 0.85

/** What the known words of a text must weigh together before it is taken for a line: one rare word, or two common ones. */
const telling = 4

/** What a word weighs that no line has, where it is told whether a line and a text only share words. */
const another = 3

let lines: readonly Line[] | undefined
let weights: ReadonlyMap<string, number> | undefined

/** Lines that fit a pasted text, best first; names, numbers, ids and log decoration in the text do not disturb. */
export function heardIn(text: string): readonly Heard[] {
  lines ??= readLines()
  const asked = tokens(inGo(clean(text))).slice(0, mostWords)
  const known = new Map<string, number>()
  for (const { word } of asked) known.set(word, weights?.get(word) ?? 0)
  const weigh = (unheard: number) =>
    asked.reduce((sum, { word, varies }) => sum + (varies ? 0 : known.get(word) || unheard), 0)
  if (weigh(0) < telling) return []
  // A word that no line has speaks of something else.
  const own = weigh(another)
  const scored = lines
    .filter(({ sets }) => sets?.test(text) !== false)
    .filter(speaksOf(known, portsOf(text)))
    .map((line) => ({ line, ...aligned(line.words, asked) }))
  const best = scored.reduce((most, { score }) => Math.max(most, score), 0)
  if (best < telling) return []
  const fitting = scored
    .filter(({ line, score }) => score >= Math.min(telling, line.whole) && score >= enough * Math.min(line.whole, best))
    .map(({ line, score, end, ends }) => ({
      line,
      end,
      ends,
      fit: score,
      complete: score >= whole * Math.max(line.whole, telling),
      score: score * (1 + (ends === line.words.length ? 1 : Math.min(1, score / line.whole)) + named(line, known)),
    }))
  return fitting
    .map((one) => ({ ...one, score: one.complete ? above(one, fitting) : one.score }))
    .toSorted((a, b) => b.score - a.score || a.line.place - b.line.place || rarer(a.line.fault, b.line.fault))
    .map(({ line: { fault, line, whole: all }, fit }) => ({
      fault,
      line,
      fit,
      loose: fit < enough * Math.min(all, own),
    }))
}

/** Addresses that are the same on every machine. */
const loopback = /^(?:127\.\d+\.\d+\.\d+|loopback_six)$/
const address = /^\d+\.\d+\.\d+\.\d+$/

/** Ports on loopback: whoever has one there is known by it. */
const local = /(?:127\.0\.0\.1|localhost|\[::1\]):(\d+)/g
const portsOf = (text: string): ReadonlySet<string> =>
  new Set(Array.from(text.matchAll(local), ([, port = '']) => port))

/** A name of Consul, whatever the service. */
const ofConsul = /\.consul\b/

/** One of the addresses that services have behind a transparent proxy: 240.0.0.0/4 is nobody else's. */
const virtual = 'virtual_address'

/** Lines with a fixed word of the text; one that names loopback, a port there, a name of Consul or a virtual address is not printed of others. */
function speaksOf(known: ReadonlyMap<string, number>, ports: ReadonlySet<string>): (line: Line) => boolean {
  const elsewhere = [...known.keys()].some((word) => address.test(word))
  const elsePort = (line: string) => {
    const own = [...portsOf(line)]
    return ports.size > 0 && own.length > 0 && !own.some((port) => ports.has(port))
  }
  return ({ line, words }) =>
    words.some(({ word, varies }) => !varies && known.has(word)) &&
    !elsePort(line) &&
    !(ofConsul.test(line) && !known.has('consul')) &&
    !(words.some(({ word }) => word === virtual) && !known.has(virtual)) &&
    !(elsewhere && words.some(({ word }) => loopback.test(word) && !known.has(word)))
}

type Fitting = Fit & { readonly line: Line }

/**
 * An error is told with its cause at the end: a line that stands whole after an open one is what that one leads to, unless
 * it is only a consequence of it.
 */
const above = (one: Fitting, all: readonly Fitting[]): number =>
  all.reduce(
    (most, { line, score, end }) =>
      line.open && end < one.end && line.fault !== one.line.fault && !line.fault.explains.includes(one.line.fault.id)
        ? Math.max(most, score + gap)
        : most,
    one.score,
  )

function readLines(): readonly Line[] {
  const all = faultList.flatMap((fault) =>
    fault.heard.map((line, place) => ({ fault, line, place, tokens: tokens(line) })),
  )
  const counts = new Map<string, number>()
  for (const { tokens: own } of all)
    for (const word of new Set(own.map((token) => token.word))) counts.set(word, (counts.get(word) ?? 0) + 1)
  weights = new Map([...counts].map(([word, count]) => [word, Math.log(all.length / count)]))
  return all.map(({ fault, line, place, tokens: own }) => {
    const fixed = own.some(({ varies }) => !varies)
    const words = own.map(({ word, varies }) => ({
      word,
      varies: varies && fixed && !loopback.test(word),
      weight: weights?.get(word) ?? 0,
    }))
    return {
      fault,
      line,
      place,
      words,
      sets: setting(line),
      open: /(?:>|…|\.\.\.)$/.test(line.trim()),
      whole: words.reduce((sum, { weight, varies }) => sum + (varies ? 0 : weight), 0),
    }
  })
}

/** `cni_path = "opt/cni/bin"` is a setting; errors that name its value are none. */
function setting(line: string): RegExp | undefined {
  const [, name] = /^([a-z_]+) = /.exec(line) ?? []
  return name === undefined || / = .* /.test(line) ? undefined : new RegExp(String.raw`\b${name}\s*=`)
}

/** Words of a text; `varies` marks what stands in quotes or is a number. Placeholders are left out. */
function tokens(text: string): readonly Token[] {
  const found: Token[] = []
  const spoken = text
    // An address without a host says more than one with any host.
    .replaceAll(/(?<=\/\/|dial tcp ):(?=\d|<)/g, ' without_host :')
    .replaceAll(/(?<![\w:])::1(?![\w:])/g, ' loopback_six ')
    .replaceAll(/\b240\.\d+\.\d+\.(?:\d+|<n>)/g, ` ${virtual} `)
    .replaceAll(/\\[nt]/g, ' ')
    .replaceAll('\\"', '"')
    .replaceAll(/<[^<>\s]*>|…|\.\.\./g, ' ')
    .toLowerCase()
  for (const [, quoted, plain = ''] of spoken.matchAll(/["'`]([\w.-]*)["'`]|(\d[\d.]*|[a-z0-9_]+)/g)) {
    for (const word of (quoted ?? plain).split(/(?<!\d)[.-]|[.-](?!\d)/)) {
      const bare = word.replaceAll(/^[._]+|[._]+$/g, '')
      if (bare.length > 1 || /^\d$/.test(bare))
        found.push({ word: bare, varies: quoted !== undefined || /^[\d.]+$/.test(bare) })
    }
  }
  return found
}

/** Up to a half: of several faults that print one text, the one that is called by its words comes first. */
function named({ fault, line, words: all }: Line, known: ReadonlyMap<string, number>): number {
  const parts = fault.id.split('-')
  // `dial tcp …: connect: …` names the system call, not the mesh; `no such host` no host.
  const words = all.filter(
    ({ word }) =>
      known.has(word) &&
      (word !== 'connect' || !/: connect: /.test(` : ${line}`)) &&
      (word !== 'host' || !line.includes('no such host')),
  )
  const said = parts.filter((part) => words.some(({ word }) => word === part || word === `${part}s`))
  return said.length / parts.length / 2
}

/** The words that fit in the same order and near to each other (local alignment of words). */
function aligned(line: readonly Word[], asked: readonly Token[]): Fit {
  let row = Array.from({ length: asked.length + 1 }, () => 0)
  let best: Fit = { score: 0, end: 0, ends: 0 }
  for (const [i, { word, weight }] of line.entries()) {
    const next = [0]
    for (let j = 1; j <= asked.length; j++) {
      const fits = asked[j - 1]?.word === word ? (row[j - 1] ?? 0) + weight : 0
      const value = Math.max(fits, (row[j] ?? 0) - gap, (next[j - 1] ?? 0) - gap, 0)
      next.push(value)
      if (value > best.score) best = { score: value, end: j, ends: i + 1 }
    }
    row = next
  }
  return best
}
