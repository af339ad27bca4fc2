/** CHANGELOG.md: the lists of faults in it are printed; every other word is written by hand. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultList } from '../../src/knowledge/faults/index.ts'
import { retired } from '../catalogue.ts'
import { code } from './markdown.ts'
import type { Page } from './page.ts'

const file = join(import.meta.dirname, '..', '..', 'CHANGELOG.md')

export function changelog(): Page {
  const text = readFileSync(file, 'utf8').replaceAll(
    /(<!-- faults (\S+) -->\n)[\s\S]*?(?=<!-- end -->)/g,
    (_, mark: string, version: string) => `${mark}${added(version)}\n`,
  )
  return { file: '../CHANGELOG.md', text }
}

function added(version: string): string {
  const ids = faultList.filter(({ since }) => since === version).map(({ id }) => id)
  const gone = retired.length === 0 ? '' : `\n\nRetired: ${retired.map(code).join(', ')}.`
  return `Added: ${ids.toSorted().map(code).join(', ') || 'none'}.${gone}`
}
