import Fuse from 'fuse.js'
import { clean } from '../ask/clean.ts'
import type { Fault } from '../knowledge/fault.ts'
import { faultList } from '../knowledge/faults/index.ts'

export interface Hit {
  readonly fault: Fault
  /** The text people paste that fits the query, when it was found by that. */
  readonly heard?: string
}

interface Heard {
  readonly fault: Fault
  readonly line: string
  /** What stays when names, numbers and ids vary: words in order. */
  readonly fixed: readonly string[]
}

let heardLines: readonly Heard[] | undefined
let fuse: Fuse<Fault> | undefined

/**
 * Faults by a pasted error line or by words, best first. Lines people paste are compared by their fixed parts, so that
 * names, numbers, ids and log decoration do not disturb; everything else is a tolerant search over titles and texts.
 */
export function searchFaults(query: string): readonly Hit[] {
  const asked = clean(query).trim()
  if (asked === '') return faultList.map((fault) => ({ fault }))
  const hits = new Map<string, Hit>()
  const exact = faultList.find(({ id, aliases }) => id === asked || aliases?.includes(asked))
  if (exact) hits.set(exact.id, { fault: exact })
  for (const { fault, line } of byText(asked)) if (!hits.has(fault.id)) hits.set(fault.id, { fault, heard: line })
  for (const fault of byWords(asked)) if (!hits.has(fault.id)) hits.set(fault.id, { fault })
  return [...hits.values()]
}

/** Words of a text without what varies: numbers, ids, addresses, quoted names, placeholders. */
function fixedWords(text: string): readonly string[] {
  return text
    .replaceAll(/\\[nt"]/g, ' ')
    .replaceAll(/<[^<>]*>|…/g, ' ')
    .toLowerCase()
    .split(/[^a-z_.]+/)
    .map((word) => word.replaceAll(/^\.+|\.+$/g, ''))
    .filter((word) => word.length > 1)
}

function byText(asked: string): readonly Heard[] {
  heardLines ??= faultList.flatMap((fault) => fault.heard.map((line) => ({ fault, line, fixed: fixedWords(line) })))
  const words = fixedWords(asked)
  if (words.length < 2) return []
  return heardLines
    .map((heard) => ({ heard, score: inOrder(heard.fixed, words) }))
    .filter(({ heard, score }) => score >= 0.75 && heard.fixed.length >= 2)
    .toSorted((a, b) => b.score * b.heard.fixed.length - a.score * a.heard.fixed.length)
    .map(({ heard }) => heard)
}

/** The share of the fixed words that occur in the asked ones in the same order (longest common subsequence). */
function inOrder(fixed: readonly string[], words: readonly string[]): number {
  if (fixed.length === 0) return 0
  let row: number[] = Array.from({ length: words.length + 1 }, () => 0)
  for (const word of fixed) {
    const next = [0]
    for (let j = 1; j <= words.length; j++)
      next.push(word === words[j - 1] ? (row[j - 1] ?? 0) + 1 : Math.max(row[j] ?? 0, next[j - 1] ?? 0))
    row = next
  }
  return (row[words.length] ?? 0) / fixed.length
}

function byWords(asked: string): readonly Fault[] {
  fuse ??= new Fuse([...faultList], {
    keys: [
      { name: 'id', weight: 3 },
      { name: 'title', weight: 3 },
      { name: 'aliases', weight: 2 },
      { name: 'heard', weight: 2 },
      { name: 'because', weight: 1 },
    ],
    ignoreLocation: true,
    threshold: 0.35,
    useTokenSearch: true,
    tokenMatch: 'all',
  })
  return fuse.search(asked.slice(0, 200)).map(({ item }) => item)
}
