// Builds dist/: one small entry and the chunks it loads when they are needed. Nothing has to be installed beside it.
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { brotliCompressSync, gunzipSync } from 'node:zlib'
import { build, type BuildOptions, type Metafile } from 'esbuild'
import { asked, large } from './build/large.ts'
import {
  asScript,
  builtins,
  shared,
  quickWidths,
  smallUndici,
  withoutExamples,
  workedOut,
  withoutUnseen,
  withoutWaiting,
} from './build/plugins.ts'

const outdir = 'dist'
const root = join(import.meta.dirname, '..')

const both = {
  absWorkingDir: root,
  outdir,
  bundle: true,
  minify: true,
  metafile: true,
  platform: 'node',
  target: 'node22.18',
  // Node has both; without them each such literal is made anew wherever it stands.
  supported: { 'regexp-set-notation': true, 'regexp-unicode-property-escapes': true },
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions

const asFunction = {
  ...both,
  entryNames: '[name]-[hash]',
  format: 'cjs',
  supported: { ...both.supported, 'dynamic-import': false },
  define: { 'process.env.NODE_ENV': '"production"', 'import.meta.url': 'url', 'import.meta.dirname': 'dirname' },
  banner: { js: '(function(require,url,dirname){"use strict";const module={exports:{}};' },
  footer: { js: 'return module.exports})' },
} as const satisfies BuildOptions

const program = await build({
  ...asFunction,
  entryPoints: { program: 'src/cli/index.ts' },
  jsx: 'automatic',
  external: [...large],
  // Of its parts the program uses the parser alone; another one makes a thousand texts to indent with.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/impl/parser.js' },
  plugins: [withoutExamples, workedOut, withoutWaiting, quickWidths, shared],
})
const libraries = await build({
  ...asFunction,
  stdin: { contents: asked(), resolveDir: root, sourcefile: 'libraries.js' },
  entryNames: 'libraries-[hash]',
  plugins: [withoutUnseen, withoutWaiting, quickWidths, smallUndici],
})
const [script, librariesScript] = await Promise.all([program, libraries].map(inAscii))

const main = await build({
  ...both,
  entryPoints: { main: 'src/main.ts' },
  format: 'esm',
  define: { PROGRAM: JSON.stringify(script), LIBRARIES: JSON.stringify(librariesScript) },
  plugins: [builtins, asScript],
})
const outputs = { ...program.metafile.outputs, ...libraries.metafile.outputs, ...main.metafile.outputs }

// The parsers of job files, read only by the commands that need them. The small ones are often needed, and lie there as they are.
const wasm = {
  'hcl2json.wasm.br': '@cdktf/hcl2json/main.wasm.gz',
  'tree-sitter.wasm': 'web-tree-sitter/web-tree-sitter.wasm',
  'tree-sitter-hcl.wasm': '@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-hcl.wasm',
}
for (const [name, from] of Object.entries(wasm))
  await writeFile(
    join(root, outdir, name),
    name.endsWith('.br') ? await packed(from) : await readFile(join(root, 'node_modules', from)),
  )

const written = new Set(Object.keys(outputs).map((file) => relative(outdir, file)))
for (const name of ['third-party-licenses.txt', ...Object.keys(wasm)]) written.add(name)
await writeFile(join(root, outdir, 'third-party-licenses.txt'), await licenses(outputs))
for (const file of await readdir(join(root, outdir))) {
  if (!written.has(file)) await rm(join(root, outdir, file), { recursive: true })
}

/**
 * Writes the script of a build anew and tells its name. esbuild escapes what is not ASCII everywhere but in regular
 * expressions; a text of ASCII takes half of the memory.
 */
async function inAscii({ metafile }: { metafile: Metafile }): Promise<string> {
  const [script = ''] = Object.keys(metafile.outputs)
  const escaped = (one: string) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`
  await writeFile(join(root, script), (await readFile(join(root, script), 'utf8')).replace(/[^\0-\x7F]/g, escaped))
  return relative(outdir, script)
}

/** The licence texts of all bundled packages: most of them ask to be passed on with every copy. */
async function licenses(outputs: Metafile['outputs']): Promise<string> {
  const used = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs))
  const files = [...used, ...Object.values(wasm).map((file) => `node_modules/${file}`)]
  const folders = new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []))
  const texts = await Promise.all([...folders].toSorted().map(licenseOf))
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}

async function licenseOf(folder: string): Promise<string> {
  const about: unknown = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'))
  const { name, version, license } = about as { name: string; version: string; license?: string }
  const file = (await readdir(join(root, folder))).find((entry) => /^(licen[cs]e|copying)/i.test(entry))
  const text = file ? (await readFile(join(root, folder, file), 'utf8')).trim() : 'No licence text in the package.'
  return `${name} ${version} (${license ?? 'licence not stated'})\n\n${text}\n`
}

/** A file as small as it gets. That takes ten seconds for the largest, so it is done once for each version of it. */
async function packed(from: string): Promise<Buffer> {
  const original = await readFile(join(root, 'node_modules', from))
  const cache = join(root, 'node_modules/.cache/nomad-netdoctor')
  const kept = join(cache, `${createHash('sha256').update(original).digest('hex')}.br`)
  const before = await readFile(kept).catch(() => null)
  if (before) return before
  const small = brotliCompressSync(from.endsWith('.gz') ? gunzipSync(original) : original)
  await mkdir(cache, { recursive: true })
  await writeFile(kept, small)
  return small
}
