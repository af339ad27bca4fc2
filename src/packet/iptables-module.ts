import type { Condition, Match } from './iptables-match.ts'
import type { Arity, Option } from './iptables-option.ts'

/** A match module: the options it takes, and what a group of them means (undefined: not understood). */
export interface Module {
  readonly options: Arity
  readonly read: (options: readonly Option[]) => readonly Match[] | undefined
}

/** A module whose options are independent conditions. */
export function each(options: Arity, read: (option: Option) => Condition | undefined): Module {
  return {
    options,
    read: (list) => {
      const matches = list.map((option) => {
        const condition = read(option)
        return condition && { ...condition, text: option.text }
      })
      return matches.includes(undefined) ? undefined : matches.filter((match) => match !== undefined)
    },
  }
}

/** The same for a module that means something unknown without any option. */
export function some(options: Arity, read: (option: Option) => Condition | undefined): Module {
  const module = each(options, read)
  return { options, read: (list) => (list.length === 0 ? undefined : module.read(list)) }
}

export const argOf = (list: readonly Option[], name: string): string | undefined =>
  list.find((option) => option.name === name)?.args[0]
export const textsOf = (list: readonly Option[]): string => list.map((option) => option.text).join(' ')
