import Fuse from 'fuse.js'
import { clean } from '../ask/clean.ts'
import type { Fault } from '../knowledge/fault.ts'
import { faultList } from '../knowledge/faults/index.ts'
import { heardIn } from './heard.ts'

export interface Hit {
  readonly fault: Fault
  /** The text people paste that fits the query, when it was found by that. */
  readonly heard?: string
}

/** Longer than what a person types in search of words. */
const mostTyped = 60

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
  for (const { fault, line } of heardIn(asked)) if (!hits.has(fault.id)) hits.set(fault.id, { fault, heard: line })
  // A long text whose lines are known is pasted: words of it that occur elsewhere say nothing.
  const typed = hits.size === 0 || asked.length <= mostTyped
  for (const fault of typed ? byWords(asked) : []) if (!hits.has(fault.id)) hits.set(fault.id, { fault })
  return [...hits.values()]
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
