/** The ids of all faults known to exist, judged by this program or not yet: one a line in catalogue.txt, sorted. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const catalogueFile = join(import.meta.dirname, 'catalogue.txt')
export const catalogue: readonly string[] = readFileSync(catalogueFile, 'utf8').trimEnd().split('\n')

/** Ids of faults that are judged no more. They stay here for ever: an id is never given to another fault. */
export const retired: readonly string[] = []
