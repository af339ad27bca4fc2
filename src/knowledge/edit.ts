/** Edits of a job file that mend a fault: a fault names blocks by what it was given, as it does when it points at them. */
import { distance } from './distance.ts'
import type { Change, NewBlock, Written } from '../jobfile/change.ts'

/** The n-th block of a type inside another one, where no fact holds it: `inner(task, 'resources')`. */
export class Inner {
  readonly within: object
  readonly type: string
  readonly nth: number
  constructor(within: object, type: string, nth: number) {
    this.within = within
    this.type = type
    this.nth = nth
  }
}
export const inner = (within: object, type: string, nth = 0): Inner => new Inner(within, type, nth)

/** An attribute as the job file spells it. */
export type EditedAttribute = readonly [block: object, name: string]
export type Edit = Change<object, EditedAttribute>

export const set = (block: object, name: string, to: Written): Edit => ({ do: 'set', attr: [block, name], to })
export const unset = (block: object, name: string): Edit => ({ do: 'unset', attr: [block, name] })
export const reword = (block: object, name: string, from: string, to: string, behind?: string): Edit => ({
  do: 'reword',
  attr: [block, name],
  from,
  to,
  ...(behind ? { behind } : {}),
})
export const include = (block: object, name: string, item: string): Edit => ({
  do: 'include',
  attr: [block, name],
  item,
})
export const exclude = (block: object, name: string, item: string): Edit => ({
  do: 'exclude',
  attr: [block, name],
  item,
})
export const remove = (block: object): Edit => ({ do: 'remove', block })
export const add = (block: object, what: NewBlock, before?: string): Edit => ({
  do: 'add',
  block,
  what,
  ...(before === undefined ? {} : { before }),
})
export const move = (block: object, into: object, before?: string): Edit => ({
  do: 'move',
  block,
  into,
  ...(before === undefined ? {} : { before }),
})
export const merge = (block: object, into: object): Edit => ({ do: 'merge', block, into })

/** The name that a wrong one can only stand for: the single one there is, or the single one that is nearly the same. */
export function meant(
  wrong: string,
  names: readonly string[],
): { readonly name: string; readonly sure: boolean } | undefined {
  const near = names.filter((name) => distance(name.toLowerCase(), wrong.toLowerCase()) <= Math.min(2, name.length / 3))
  const [close, other] = near
  if (close !== undefined && other === undefined) return { name: close, sure: true }
  const [only] = names
  return only !== undefined && names.length === 1 ? { name: only, sure: false } : undefined
}

/** Edits of a step: with them it may be offered; without any, a person makes it, and this is why. */
export function edits(found: readonly Edit[] | undefined, why: string, safe = false) {
  if (!found || found.length === 0) return { note: `By hand: ${why}` }
  return safe ? { edit: found, safe: true as const } : { edit: found }
}

/** Words that several faults use. */
export const severalPorts = 'the job does not say which port is meant'
