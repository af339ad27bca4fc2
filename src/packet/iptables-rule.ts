import type { Match } from './iptables-match.ts'
import { moduleNamed, plain } from './iptables-modules.ts'
import { readOption, textOf } from './iptables-option.ts'
import type { Option, Word } from './iptables-option.ts'
import { readTarget } from './iptables-target.ts'
import type { Target } from './iptables-target.ts'

/** The conditions and the target of one rule; no target means it only counts. */
export interface RuleBody {
  readonly matches: readonly Match[]
  readonly target?: Target
}

/**
 * Reads the words after `-A <chain>`. Options are read with their number of arguments, because a comment may be
 * printed without quotes as `--comment -j`. What is not understood becomes a match of kind `unknown`.
 */
export function readRule(list: readonly Word[], isChain: (name: string) => boolean): RuleBody {
  const matches: Match[] = []
  let i = 0
  while (i < list.length) {
    const word = list[i]?.value ?? ''
    if (word === '-j' || word === '-g')
      return { matches: matches.slice(), target: readTarget(word, list.slice(i + 1), isChain) }
    const group = word === '-m' ? readGroup(list, i) : readPlain(list, i)
    matches.push(...group.matches)
    i = group.next
  }
  return { matches }
}

interface Group {
  readonly matches: readonly Match[]
  readonly next: number
}

function readPlain(list: readonly Word[], from: number): Group {
  const read = readOption(list, from, plain.options)
  const matches = read && plain.read([read.option])
  return matches ? { matches, next: read.next } : unknown(list, from, '')
}

/** `-m <module>` and all its options. */
function readGroup(list: readonly Word[], from: number): Group {
  const name = list[from + 1]?.value ?? ''
  const module = moduleNamed(name)
  if (!module) return unknown(list, from, name)
  const options: Option[] = []
  let next = from + 2
  for (let read = readOption(list, next, module.options); read; read = readOption(list, next, module.options)) {
    options.push(read.option)
    next = read.next
  }
  const matches = module.read(options)
  const more = list[next]
  const ended = more === undefined || ends(more) || readOption(list, next, plain.options) !== undefined
  return matches && ended ? { matches, next } : unknown(list, from, name)
}

const ends = (word: Word): boolean => ['-m', '-j', '-g'].includes(word.value)

function unknown(list: readonly Word[], from: number, module: string): Group {
  const end = list.findIndex((word, index) => index > from && ends(word))
  const next = end === -1 ? list.length : end
  return { matches: [{ kind: 'unknown', module, text: textOf(list, from, next) }], next }
}
