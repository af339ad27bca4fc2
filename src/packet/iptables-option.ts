/** Words and options of one rule as `iptables-save` prints them (iptables/xshared.c, libxtables/xtables.c). */

export interface Word {
  readonly value: string
  /** As written, quotes and escapes included. */
  readonly raw: string
  /** What it was read from, and its place there. */
  readonly rule: string
  readonly at: number
}

/** One option with its arguments: `! --dport 80`. */
export interface Option {
  readonly name: string
  readonly negated: boolean
  readonly args: readonly string[]
  readonly text: string
}

/** How many arguments each option takes. */
export type Arity = ReadonlyMap<string, number>

export const arity = (...options: readonly [names: string, args: number][]): Arity =>
  new Map(options.flatMap(([names, args]) => names.split(' ').map((name): [string, number] => [name, args])))

/** Splits a rule into words; undefined when a quote is left open. */
export function words(text: string): readonly Word[] | undefined {
  const rest = text.trimEnd()
  const found: Word[] = []
  if (!/["\t]/.test(rest)) {
    let at = 0
    for (const value of rest.split(' ')) {
      if (value !== '') found.push({ value, raw: value, rule: rest, at })
      at += value.length + 1
    }
    return found
  }
  const word = /\s*(?:"((?:[^"\\]|\\.)*)"(?=\s|$)|([^\s"]\S*))/y
  while (word.lastIndex < rest.length) {
    const match = word.exec(rest)
    if (!match) return undefined
    const [all, quoted, plain = ''] = match
    const raw = quoted === undefined ? plain : all.trimStart()
    const value = quoted?.includes('\\') ? quoted.replaceAll(/\\(.)/g, '$1') : (quoted ?? plain)
    found.push({ value, raw, rule: rest, at: word.lastIndex - raw.length })
  }
  return found
}

/** Reads one option at `from`; undefined when it is not in `known` or its arguments are missing. */
export function readOption(
  list: readonly Word[],
  from: number,
  known: Arity,
): { option: Option; next: number } | undefined {
  const negated = list[from]?.raw === '!'
  const start = negated ? from + 1 : from
  const name = list[start]?.value ?? ''
  const count = known.get(name)
  if (count === undefined || start + count >= list.length) return undefined
  const next = start + 1 + count
  const args: string[] = []
  for (let i = start + 1; i < next; i += 1) args.push(list[i]?.value ?? '')
  return { option: { name, negated, args, text: textOf(list, from, next) }, next }
}

/** Reads all of `list` as options; undefined when anything in it is not in `known`. */
export function readOptions(list: readonly Word[], known: Arity): readonly Option[] | undefined {
  const options: Option[] = []
  for (let i = 0; i < list.length;) {
    const read = readOption(list, i, known)
    if (!read) return undefined
    options.push(read.option)
    i = read.next
  }
  return options
}

/** Words `from` … `to`-1 as written. A piece of the rule: of a save with many thousand rules nothing is held twice. */
export function textOf(list: readonly Word[], from = 0, to = list.length): string {
  const [first, last] = [list[from], list[to - 1]]
  return first && last ? first.rule.slice(first.at, last.at + last.raw.length) : ''
}
