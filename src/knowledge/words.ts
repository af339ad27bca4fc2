import type { Why } from './fact.ts'
import { facts } from './facts.ts'
import type { Because } from './report.ts'

/** A fact as a person reads it: the first clause of its meaning. `source.` and `target.` say whose it is. */
export function factWords(key: string): string {
  const known = read.get(key)
  if (known !== undefined) return known
  const made = worded(key)
  read.set(key, made)
  return made
}
/** Facts are few, and every fault that is ruled out names one. */
const read = new Map<string, string>()

function worded(key: string): string {
  const [, side, fact = key] = /^(source|target|every)\.(.+)$/.exec(key) ?? []
  const meaning = Object.hasOwn(facts, fact) ? facts[fact as keyof typeof facts].meaning : fact
  const [clause = meaning] = /^[^;:.]*(?:[.:]\S[^;:.]*)*/.exec(meaning) ?? []
  return side === 'source' || side === 'target' ? `${clause} (${side})` : clause
}

const whys: Readonly<Record<Why, string>> = {
  offline: 'not reached',
  denied: 'not allowed',
  'not-found': 'not there',
  unsupported: 'not offered',
  'timed-out': 'timed out',
  failed: 'failed',
  'not-recorded': 'not recorded',
  'not-asked': 'not asked',
  'not-evaluable': 'cannot be told',
  'not-named': 'depends on who calls',
}
export const whyWord = (why: Why): string => whys[why]

/** `1 step`, `2 steps`. */
export const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`

/** What a source said, once for all facts it keeps from us; the fact, in words, where nothing was said. */
export const reasonOf = ({ fact, why, detail }: Because): string =>
  detail === undefined
    ? `${factWords(fact)}: ${whyWord(why)}`
    : why === 'not-evaluable'
      ? `${shortly(factWords(fact))}${detail}`
      : `${whyWord(why)}: ${detail.replace(`${whyWord(why)}: `, '')}`

/** A fact whose meaning takes a sentence says less than its detail alone. */
const shortly = (words: string): string => (words.length > 70 ? '' : `${words}: `)

/** A host as it stands in front of a port: IPv6 in brackets. */
export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)

/** The same words at the beginning of a sentence. */
export const begun = (said: string): string => said.charAt(0).toUpperCase() + said.slice(1)

/** A sentence with its end, which what a server or a program said may have already. */
export const ended = (said: string): string => (/[.?:]$/.test(said) ? said : `${said}.`)
