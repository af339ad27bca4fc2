/** An id as a name in code: `to-without-mapper` is `toWithoutMapper`. */
export const camelCase = (id: string): string => id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** A new fault file: it compiles, says nothing yet, and test/knowledge.test.ts refuses it until every TODO is written. */
export const template = (id: string): string => `import { fault } from '../../fault.ts'

export const ${camelCase(id)} = fault({
  id: '${id}',
  about: 'group',
  title: 'TODO: what is wrong, as a statement',
  layer: 'job',
  severity: 'breaks',
  heard: ['TODO: a line people paste, exactly as printed, with <name> where it varies'],
  needs: [],
  holds: () => false,
  byHand: 'TODO: how a person can tell',
  explains: [],
  because: 'TODO: the mechanism in two to four sentences',
  fix: () => [],
  references: ['TODO: a page of the manual, or a place in the source'],
  since: '0.1.0',
  examples: [],
})
`

/** The index of an area with one fault more, in the order of the ids. */
export function withFault(index: string, area: string, id: string): string {
  const ids = [...Array.from(index.matchAll(/from '\.\/([a-z0-9-]+)\.ts'/g), ([, known = '']) => known), id].toSorted()
  const header = index.split('\n').filter((line) => line.startsWith('//') || line.startsWith('/**'))
  const imports = ids.map((one) => `import { ${camelCase(one)} } from './${one}.ts'`)
  const names = ids.map(camelCase)
  const line = `export const ${area}Faults = [${names.join(', ')}] as const`
  const list =
    line.length <= 120 ? [line] : [`export const ${area}Faults = [`, ...names.map((name) => `  ${name},`), '] as const']
  return `${[...header, ...imports, '', ...list].join('\n')}\n`
}
