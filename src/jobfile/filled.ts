/**
 * A job as it was read here, with the values that the servers know where it could not be evaluated. All else stays as it
 * was read, in its place: with servers in reach nothing is known worse than without.
 */
import type { Json, Place } from './api.ts'
import { markOfBlock, type Holes } from './holes.ts'

interface Read {
  readonly json: Json
  readonly places: ReadonlyMap<object, Place>
}

/** `theirs`: the same job as the servers read it. The places are those of the file, of the new objects. */
export function filled({ json, places }: Read, theirs: Json, holes: Holes): Read {
  const found = new Map<object, Place>()
  /** `open`: parts of it may be missing here. `around`: where those are written. */
  const value = (own: unknown, other: unknown, open: boolean, around: Place | undefined): unknown => {
    if (holes.reasonOf(own) !== undefined) return other ?? null
    if (Array.isArray(own)) return list(own, Array.isArray(other) ? (other as unknown[]) : [], open, around)
    return isJson(own) ? object(own, isJson(other) ? other : {}, open, around) : own
  }
  const object = (own: Json, other: Json, open: boolean, around: Place | undefined): Json => {
    const { [markOfBlock]: mark, ...read } = own
    const span = typeof mark === 'number' ? holes.spots[mark]?.span : undefined
    const inner = span ? { block: span, attrs: {} } : around
    const whole = open || mark !== undefined
    const all: Json = { ...(whole ? other : {}), ...read }
    for (const key of Object.keys(all))
      all[key] = key in read ? value(read[key], other[key], whole, inner) : added(other[key], inner)
    const place = places.get(own)
    if (place) found.set(all, place)
    return all
  }
  const list = (own: readonly unknown[], other: readonly unknown[], open: boolean, around: Place | undefined) => {
    if (!open || own.length === other.length) return own.map((one, i) => value(one, other[i], open, around))
    const left = [...own]
    return other.map((one) => {
      const at = left.findIndex((mine) => alike(mine, one, holes))
      return at < 0 ? added(one, around) : value(left.splice(at, 1)[0], one, open, around)
    })
  }
  const added = (other: unknown, around: Place | undefined): unknown => {
    if (Array.isArray(other)) return other.map((one) => added(one, around))
    if (!isJson(other)) return other
    const all = Object.fromEntries(Object.entries(other).map(([key, one]) => [key, added(one, around)]))
    if (around) found.set(all, around)
    return all
  }
  return { json: object(json, theirs, false, undefined), places: found }
}

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether it may be the same block: every text that could be evaluated is the same. */
const alike = (own: unknown, other: unknown, holes: Holes): boolean =>
  isJson(own) && isJson(other)
    ? Object.entries(own).every(
        ([key, one]) => typeof one !== 'string' || holes.reasonOf(one) !== undefined || one === other[key],
      )
    : own === other
