import { changelog } from './changelog.ts'
import { coveragePage } from './coverage.ts'
import { factsPage } from './facts.ts'
import { faultIndex } from './fault-index.ts'
import { faultPages } from './fault-pages.ts'
import { jsonPage } from './json.ts'
import { keysPage } from './keys.ts'
import type { Page } from './page.ts'
import { probesPage } from './probes.ts'
import { treePages } from './tree.ts'

/** Folders below docs/ that hold generated pages only; a file there that nobody prints any more is removed. */
export const generatedFolders: readonly string[] = ['faults', 'tree']

/** Every generated document. A new kind is one more file in this folder and one more word here. */
export async function pages(): Promise<readonly Page[]> {
  return [
    faultIndex(),
    ...(await faultPages()),
    ...treePages(),
    factsPage(),
    await probesPage(),
    coveragePage(),
    jsonPage(),
    keysPage(),
    changelog(),
  ]
}
