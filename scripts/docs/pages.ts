import type { Page } from './page.ts'

/** Folders below docs/ that hold generated pages only; a file there that nobody prints any more is removed. */
export const generatedFolders: readonly string[] = ['faults', 'tree', 'screens']

/** Every generated document. A new kind is one more file in this folder and one more word here. */
export function pages(): readonly Page[] {
  return []
}
