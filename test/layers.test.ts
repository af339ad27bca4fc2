import { globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { importsOf } from './imports.ts'

/** What a layer may import: other layers, layers for their types alone, packages, and Node's own modules. */
interface Layer {
  readonly layers: readonly string[] | 'all'
  readonly types?: readonly string[]
  readonly packages?: readonly string[]
  readonly node?: readonly string[] | 'all'
}

const ui = ['ink', 'react', 'zustand', 'fuse.js']
const harmless = ['buffer', 'crypto', 'events', 'fs', 'fs/promises', 'module', 'os', 'path', 'perf_hooks', 'process']
const forPrograms = [
  ...harmless,
  'readline',
  'stream',
  'stream/promises',
  'timers/promises',
  'tty',
  'url',
  'util',
  'zlib',
]

/** The table of docs/architecture.md, as data. A folder of src/ that is not named here fails the test. */
const table: Readonly<Record<string, Layer>> = {
  ask: { layers: [] },
  knowledge: { layers: ['embedded-text', 'memo'], types: ['packet', 'jobfile'] },
  packet: { layers: ['memo'], packages: ['valibot'] },
  jobfile: {
    layers: ['embedded-text'],
    packages: ['valibot', '@cdktf/hcl2json', 'web-tree-sitter', 'jsonc-parser'],
    node: ['crypto', 'path'],
  },
  engine: { layers: ['knowledge', 'memo'] },
  derive: { layers: ['knowledge', 'packet', 'jobfile', 'embedded-text', 'memo'] },
  way: { layers: ['knowledge', 'packet'] },
  probes: { layers: ['knowledge', 'packet', 'jobfile', 'ask'], packages: ['valibot'] },
  sources: { layers: ['ask'], packages: ['execa', 'undici', 'valibot'], node: 'all' },
  run: { layers: ['engine', 'derive', 'knowledge', 'probes', 'ask', 'way'], packages: ['zustand', 'fuse.js', 'diff'] },
  components: { layers: ['components', 'ask', 'engine', 'run', 'knowledge', 'theme', 'version'], packages: ui },
  screens: { layers: ['components', 'ask', 'engine', 'run', 'knowledge', 'theme', 'version', 'way'], packages: ui },
  renderers: { layers: ['engine', 'knowledge', 'ask', 'version', 'way'] },
  cli: { layers: 'all', packages: [...ui, 'valibot'], node: forPrograms },
  // Single files of src/.
  main: { layers: ['cli', 'crash', 'out', 'version'] },
  crash: { layers: [], node: ['fs'] },
  out: { layers: [], node: ['fs'] },
  'embedded-text': { layers: [] },
  memo: { layers: [] },
  'cache-folder': { layers: [], node: ['os', 'path'] },
  theme: { layers: [] },
  version: { layers: [] },
}

const files = globSync('src/**/*.{ts,tsx}').toSorted()
const sourceOf = (file: string): string => readFileSync(file, 'utf8')

test('every folder and every single file of src/ has a place in the table', () => {
  expect(files.map(layerOf).filter((layer) => !(layer in table))).toEqual([])
})

test('no file imports what its layer must not', () => {
  expect(files.flatMap((file) => importsOf(sourceOf(file)).flatMap((found) => objection(file, found)))).toEqual([])
})

test('one place in the program reads the keyboard', () => {
  const sites = files.flatMap((file) => Array.from(sourceOf(file).matchAll(/\buseInput\(/g), () => file))
  const hasScreens = files.some((file) =>
    importsOf(sourceOf(file)).some(({ from, typeOnly }) => from === 'ink' && !typeOnly),
  )
  expect(sites).toHaveLength(hasScreens ? 1 : 0)
})

test('no hand-written file is longer than 250 lines', () => {
  const written = files.filter((file) => !/^\/\/ Generated\b/.test(sourceOf(file)))
  const long = written.map((file) => [file, sourceOf(file).trimEnd().split('\n').length] as const)
  expect(long.filter(([, lines]) => lines > 250)).toEqual([])
})

test('the engine stays small enough to be read at one sitting', () => {
  const engine = files.filter((file) => layerOf(file) === 'engine')
  const lines = engine.reduce((sum, file) => sum + sourceOf(file).trimEnd().split('\n').length, 0)
  expect(engine.length).toBeGreaterThan(0)
  expect(lines).toBeLessThan(400)
})

function objection(file: string, { from, typeOnly }: { from: string; typeOnly: boolean }): string[] {
  const layer = table[layerOf(file)]
  if (!layer) return []
  return allowed(file, layer, from, typeOnly) ? [] : [`${file} must not import ${from}`]
}

function allowed(file: string, layer: Layer, from: string, typeOnly: boolean): boolean {
  if (from.startsWith('.')) {
    const target = layerOf(relative('.', join(dirname(file), from)))
    if (target === layerOf(file) || layer.layers === 'all' || layer.layers.includes(target)) return true
    return typeOnly && (layer.types ?? []).includes(target)
  }
  const builtin = from.replace(/^node:/, '')
  if (builtinModules.includes(builtin)) {
    return from.startsWith('node:') && (layer.node === 'all' || (layer.node ?? []).includes(builtin))
  }
  return (layer.packages ?? []).some((name) => from === name || from.startsWith(`${name}/`))
}

/** 'src/engine/walk.ts' belongs to 'engine', 'src/main.ts' to 'main'. */
function layerOf(file: string): string {
  const [, first = ''] = file.split(/[\\/]/)
  return first.replace(/\.tsx?$/, '')
}
