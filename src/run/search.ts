import Fuse from 'fuse.js'
import { clean } from '../ask/clean.ts'
import type { Fault } from '../knowledge/fault.ts'
import { faultList } from '../knowledge/faults/index.ts'
import { announcedWords, keepFromPlacing, onlyAnnounces } from './announced.ts'
import { heardIn } from './heard.ts'
import { rarer } from './usual.ts'

export interface Hit {
  readonly fault: Fault
  /** The text people paste that fits the query, when it was found by that. */
  readonly heard?: string
  /** How much of the query that text has; equal where the query alone cannot tell two faults apart. */
  readonly fit?: number
  /** The text only shares words with the query. */
  readonly loose?: true
  /** The query says only that a group is not placed: this is one of the faults that keep it from that. */
  readonly announced?: true
  /** It has no word of the query, only words that are spelled much alike. */
  readonly near?: true
}

/** How many faults print the query just as well as the first one does. */
export function alike(hits: readonly Hit[]): number {
  const [first] = hits
  if (first?.fit === undefined || first.loose) return 0
  const { fit: best } = first
  const end = hits.findIndex(({ fit, loose }) => loose || fit === undefined || Math.abs(fit - best) >= 1e-9)
  return end < 0 ? hits.length : end
}

/** What to make of several faults that print one text, or of none that does; empty where it is one. The text is no diagnosis: what is measured decides. */
export function alikeWords(hits: readonly Hit[]): string {
  if (hits[0]?.loose) return 'No fault is known to print this: these only have words in common with it.'
  if (hits[0]?.announced) return announcedWords
  if (hits[0]?.near) return 'No fault has these words: these have words that are spelled much alike.'
  const several = alike(hits)
  return several < 2
    ? ''
    : `${several} faults print this; the text alone does not tell which of them it is. Rule out the first ones first.`
}

/** Longer than what a person types in search of words. */
const mostTyped = 60

/**
 * Faults by a pasted error line or by words, best first. Lines people paste are compared by their fixed parts, so that
 * names, numbers, ids and log decoration do not disturb; words are looked for as they stand, and where nothing has all
 * of them, tolerantly.
 */
export function searchFaults(query: string): readonly Hit[] {
  const asked = clean(query).trim()
  if (asked === '') return faultList.map((fault) => ({ fault }))
  if (onlyAnnounces(asked)) return keepFromPlacing().map((fault) => ({ fault, announced: true }))
  const hits = new Map<string, Hit>()
  const exact = faultList.find((fault) => isCalled(fault, asked))
  if (exact) hits.set(exact.id, { fault: exact })
  for (const { fault, line, fit, loose } of heardIn(asked))
    if (!hits.has(fault.id)) hits.set(fault.id, { fault, heard: line, fit, ...(loose ? { loose } : {}) })
  // A long text whose lines are known is pasted: words of it that occur elsewhere say nothing.
  const typed = hits.size === 0 || asked.length <= mostTyped
  for (const fault of typed ? byWords(asked) : []) if (!hits.has(fault.id)) hits.set(fault.id, { fault })
  if (hits.size === 0) for (const fault of tolerantly(asked)) hits.set(fault.id, { fault, near: true })
  return [...hits.values()]
}

/** An id is the same in capitals. */
export const isCalled = ({ id, aliases = [] }: Fault, text: string): boolean =>
  [id, ...aliases].includes(text.toLowerCase())

/** What is said of each fault, the most telling part first. */
let said: readonly { readonly fault: Fault; readonly parts: readonly string[] }[] | undefined

/** The faults that have every word somewhere; numbers and addresses beside words vary. */
function byWords(asked: string): readonly Fault[] {
  said ??= faultList.map((fault) => {
    const { id, title, aliases = [], heard, because } = fault
    return {
      fault,
      parts: [`${id} ${title}`, aliases.join(' '), heard.join(' '), because].map((part) => part.toLowerCase()),
    }
  })
  const all = asked.toLowerCase().split(/\s+/)
  const named = all
    .filter((word) => /^[^\d]*[a-z]/.test(word))
    .map((word) => word.replaceAll(/^["'([]+|["')\],:;]+$/g, ''))
  const words = named.length === 0 ? all : named.filter((word) => word !== '')
  return said
    .map(({ fault, parts }) => {
      const places = words.map((word) => parts.findIndex((part) => part.includes(word)))
      return { fault, far: places.includes(-1) ? Infinity : places.reduce((sum, place) => sum + place, 0) }
    })
    .filter(({ far }) => far < Infinity)
    .toSorted((a, b) => a.far - b.far || rarer(a.fault, b.fault))
    .map(({ fault }) => fault)
}

let fuse: Fuse<Fault> | undefined

/** A word of so few letters with another letter is another word. */
const fewLetters = 4

/** Words with mistakes in them; short ones as they stand. */
function tolerantly(asked: string): readonly Fault[] {
  const words = asked.slice(0, mostTyped).toLowerCase().split(/\s+/)
  const long = words.filter(({ length }) => length > fewLetters)
  if (long.length === 0) return []
  const short = words.filter(({ length }) => length <= fewLetters)
  const whole = short.length === 0 ? undefined : new Set(byWords(short.join(' ')))
  fuse ??= new Fuse([...faultList], {
    keys: [
      { name: 'id', weight: 3 },
      { name: 'title', weight: 3 },
      { name: 'aliases', weight: 2 },
      { name: 'heard', weight: 2 },
    ],
    ignoreLocation: true,
    threshold: 0.35,
    useTokenSearch: true,
    tokenMatch: 'all',
  })
  const found = fuse.search(long.join(' ')).map(({ item }) => item)
  return whole ? found.filter((fault) => whole.has(fault)) : found
}
