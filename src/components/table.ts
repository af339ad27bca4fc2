import { cell, gap, lineWidth, wrap, type Line } from './line.ts'
import type { Item } from './list.tsx'

/** A cell of a table: how wide it is, and what it says. */
export type Cell = readonly [columns: number, says: Line]

/** Every cell cut to its width. */
const cutRow = (cells: readonly Cell[]): Line => cells.flatMap(([columns, says]) => cell(says, columns))

/** Nothing cut: every cell wrapped to its width, on as many lines as the longest needs. */
function wholeRow(cells: readonly Cell[]): readonly Line[] {
  const wrapped = cells.map(([columns, says]): readonly Line[] =>
    lineWidth(says) <= columns ? [says] : wrap(says, columns),
  )
  const height = Math.max(...wrapped.map(({ length }) => length))
  return Array.from({ length: height }, (_, i) =>
    cells.flatMap(([columns], at): Line => {
      const says = wrapped[at]?.[i]
      return says === undefined ? [gap(columns)] : cell(says, columns)
    }),
  )
}

/** A row of a table as an item of a list; the cursor opens what is cut. */
export const tableItem = (id: string, cells: () => readonly Cell[]): Item => ({
  id,
  spans: () => cutRow(cells()),
  whole: () => wholeRow(cells()),
})
