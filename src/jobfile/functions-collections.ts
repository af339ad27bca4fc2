import { largest, tooMuch } from './effort.ts'
import type { Func } from './functions.ts'
import { list, number, text } from './functions-texts.ts'
import { equal, isList, isMap, mapOf, NotEvaluable, plain, refuse, spoken, type Value, type ValueMap } from './value.ts'

function map(value: Value | undefined): ValueMap {
  if (!isMap(value)) throw new Error('a map is required')
  return value
}
/** The same for equal values alone. */
const keyOf = (value: Value): string => JSON.stringify(plain(value))
function distinct(values: readonly Value[]): readonly Value[] {
  const seen = new Set<string>()
  return values.filter((value) => {
    const before = seen.size
    return seen.add(keyOf(value)).size > before
  })
}
/** A set has an order of its own: texts come sorted. */
const set = (values: readonly Value[]): readonly Value[] =>
  distinct(values).toSorted((a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : spoken(a) < spoken(b) ? -1 : 1,
  )
const has = (values: readonly Value[], value: Value): boolean => values.some((one) => equal(one, value))
const numbers = (args: readonly Value[]): readonly number[] =>
  args.flatMap((arg) => (isList(arg) ? arg : [arg])).map(number)
const most = 10_000

export const collections: Readonly<Record<string, Func>> = {
  length: (of) => (typeof of === 'string' ? Array.from(of).length : isMap(of) ? of.size : list(of).length),
  concat: (...lists) => lists.flatMap((one) => list(one)),
  merge: (...maps) => mapOf(new Map(maps.filter((one) => one !== null).flatMap((one) => [...map(one)]))),
  lookup: (of, key, otherwise) =>
    map(of).get(text(key)) ?? otherwise ?? refuse(`there is no "${text(key)}" and no default`),
  element: (of, at) => {
    const all = list(of)
    return all.length === 0
      ? refuse('the list is empty')
      : (all[((number(at) % all.length) + all.length) % all.length] ?? null)
  },
  keys: (of) => [...map(of).keys()],
  values: (of) => [...map(of).values()],
  contains: (of, value) => has(list(of), value ?? null),
  distinct: (of) => distinct(list(of)),
  compact: (of) => list(of).filter((one) => one !== '' && one !== null),
  flatten: (of) => flat(list(of)),
  reverse: (of) => (typeof of === 'string' ? Array.from(of).toReversed().join('') : list(of).toReversed()),
  sort: (of) => list(of).map(text).toSorted(),
  slice: (of, from, to) => list(of).slice(number(from), number(to)),
  index: (of, value) => {
    const found = list(of).findIndex((one) => equal(one, value ?? null))
    return found < 0 ? refuse('the list does not have it') : found
  },
  zipmap: (keys, values) => mapOf(list(keys).map((key, i) => [text(key), list(values)[i] ?? null] as const)),
  range: (...args) => {
    const [first = 0, second, third] = args.map(number)
    const [from, to] = second === undefined ? [0, first] : [first, second]
    const step = third ?? (to < from ? -1 : 1)
    const turns = step === 0 ? 0 : Math.max(0, Math.ceil((to - from) / step))
    if (step === 0 || turns > most) throw new Error('the range does not end')
    return Array.from({ length: turns }, (_, i) => from + i * step)
  },
  setunion: (...sets) => set(sets.flatMap((one) => list(one))),
  setintersection: (first, ...rest) => {
    const others = rest.map((other) => new Set(list(other).map(keyOf)))
    return set(list(first).filter((one) => others.every((other) => other.has(keyOf(one)))))
  },
  setproduct: (...sets) => {
    if (sets.reduce<number>((all, one) => all * list(one).length, sets.length) > largest) return tooMuch
    return sets.reduce<readonly (readonly Value[])[]>(
      (all, one) => all.flatMap((start) => list(one).map((end) => [...start, end])),
      [[]],
    )
  },
  chunklist: (of, size) => {
    const wide = Math.max(1, number(size))
    return Array.from({ length: Math.ceil(list(of).length / wide) }, (_, i) => list(of).slice(i * wide, (i + 1) * wide))
  },
  coalesce: (...args) => args.find((arg) => arg !== null && arg !== '') ?? refuse('all arguments are empty'),
  coalescelist: (...args) => args.find((arg) => isList(arg) && arg.length > 0) ?? refuse('all lists are empty'),
  max: (...args) => Math.max(...numbers(args)),
  min: (...args) => Math.min(...numbers(args)),
  abs: (of) => Math.abs(number(of)),
  ceil: (of) => Math.ceil(number(of)),
  floor: (of) => Math.floor(number(of)),
  pow: (of, to) => number(of) ** number(to),
  log: (of, base) => Math.log(number(of)) / Math.log(number(base)),
  signum: (of) => Math.sign(number(of)),
  parseint: (of, base) => {
    const found = Number.parseInt(text(of), number(base))
    return Number.isNaN(found) ? refuse(`"${text(of)}" is not a number`) : found
  },
}

const flat = (values: readonly Value[]): readonly Value[] =>
  values.flatMap((one) => (one instanceof NotEvaluable || !isList(one) ? [one] : flat(one)))
