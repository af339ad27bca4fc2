import type { Chain, Rule, Save, Table } from './iptables.ts'

export const table = (save: Save, name: string): Table | undefined => save.tables.find((one) => one.name === name)

export const chain = (save: Save, inTable: string, name: string): Chain | undefined =>
  table(save, inTable)?.chains.find((one) => one.name === name)

/** The first rule of `from` that jumps or goes to `to`, whatever its conditions; `n` is its position. */
export const jumpsTo = (save: Save, inTable: string, from: string, to: string): Rule | undefined =>
  jumpsInto(save, inTable, from, to)[0]

export const jumpsInto = (save: Save, inTable: string, from: string, to: string): readonly Rule[] =>
  (chain(save, inTable, from)?.rules ?? []).filter(
    ({ target }) => (target?.kind === 'jump' || target?.kind === 'goto') && target.chain === to,
  )
