export interface Import {
  readonly from: string
  readonly typeOnly: boolean
}

// At the start of a line, because prose in a string may speak of importing things, too.
const statements = /^[ \t]*(?:import|export)\s+(type\s+)?(?:[\w*{][^'"`;]*?\sfrom\s*)?(['"])([^'"]+)\2/gm
const calls = /(typeof\s+)?\bimport\(\s*(?:(['"])([^'"]+)\2|([^'"\s][^)]*))/g

/** Everything a TypeScript file imports or re-exports; an import whose target is computed is reported as such. */
export function importsOf(source: string): Import[] {
  const code = source.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
  return [
    ...Array.from(code.matchAll(statements), ([, type, , from = '']) => ({ from, typeOnly: Boolean(type) })),
    ...Array.from(code.matchAll(calls), ([, type, , from, computed = '']) => ({
      from: from ?? `computed: ${computed}`,
      typeOnly: Boolean(type),
    })),
  ]
}
