import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'esbuild'
import { faultList } from '../../src/knowledge/faults/index.ts'
import { shownOf } from '../../src/knowledge/shown.ts'

/** What the bundle has in place of some modules, so that it starts sooner. What the program does stays the same. */

/**
 * Parts of Ink that nobody sees: its developer tools, which are not installed, and its own picture of a crash, which
 * goes away with the alternate screen. crash.ts says what happened.
 */
const unseen: Readonly<Record<string, string>> = {
  'react-devtools-core': 'export default { initialize() {}, connectToDevTools() {} }',
  './ErrorOverview.js': 'export default () => null',
}

export const withoutUnseen: Plugin = {
  name: 'without-unseen',
  setup(build) {
    build.onResolve({ filter: /^(react-devtools-core|\.\/ErrorOverview\.js)$/ }, ({ path }) => ({
      path,
      namespace: 'unseen',
    }))
    build.onLoad({ filter: /.*/, namespace: 'unseen' }, ({ path }) => ({ contents: unseen[path] ?? '' }))
  },
}

/** Measuring a text of the screens needs no tables of all characters. */
export const quickWidths: Plugin = {
  name: 'quick-widths',
  setup(build) {
    const ours = join(import.meta.dirname, 'string-width.ts')
    build.onResolve({ filter: /^string-width$/ }, ({ importer }) => (importer === ours ? undefined : { path: ours }))
    build.initialOptions.inject = [join(import.meta.dirname, 'segmenter.ts')]
    build.initialOptions.define = { ...build.initialOptions.define, 'Intl.Segmenter': 'LateSegmenter' }
  },
}

/** The examples of a fault, and what they are made of, are for its tests: nobody reads them in a running program. */
export const withoutExamples: Plugin = {
  name: 'without-examples',
  setup(build) {
    build.onLoad({ filter: /[\\/]knowledge[\\/]faults[\\/].+\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const bare = source.replaceAll(/^ {2}examples: \[(?:.*\],|[^]*?^ {2}\],)$/gm, '  examples: [],')
      if (bare === source && source.includes('= fault({')) throw new Error(`no examples found in ${path}`)
      return { contents: withoutUnused(bare), loader: 'ts' }
    })
  },
}

/** A text without the constants that nothing in it names: the bundler cannot tell that making them does nothing else. */
function withoutUnused(text: string): string {
  // As the formatter writes: a statement starts in the first column, and nothing inside it does but what closes it.
  const statements = text.split(/^(?=[^\s)}\]])/m)
  const used = statements.filter((own) => {
    const [, name] = /^const (\w+)\b/.exec(own) ?? []
    return name === undefined || statements.some((other) => other !== own && new RegExp(`\\b${name}\\b`).test(other))
  })
  return used.length === statements.length ? text : withoutUnused(used.join(''))
}

/** What pages about faults show is worked out from the examples while they are there. */
export const workedOut: Plugin = {
  name: 'worked-out',
  setup(build) {
    build.onLoad({ filter: /[\\/]knowledge[\\/]shown\.ts$/ }, () => {
      const all = Object.fromEntries(faultList.map((fault) => [fault.id, shownOf(fault)]))
      const text = JSON.stringify(JSON.stringify(all))
      return { contents: `let all\nexport const shownOf = ({ id }) => (all ??= JSON.parse(${text}))[id]`, loader: 'js' }
    })
  },
}

/**
 * Of undici the program uses a pool of connections and the web socket. Its recorders, caches and interceptors are left
 * out, and so is its second, experimental parser: undici itself has the switch, for the copy inside Node.
 */
export const smallUndici: Plugin = {
  name: 'small-undici',
  setup(build) {
    build.initialOptions.define = { ...build.initialOptions.define, esbuildDetection: '1' }
    build.onResolve(
      { filter: /^\.\/lib\/(mock|interceptor|cache|web\/(cookies|eventsource))\// },
      ({ path, importer }) => (/undici[\\/]index\.js$/.test(importer) ? { path, namespace: 'unused' } : undefined),
    )
    build.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {}' }))
  },
}

/**
 * The program is one script, and a script cannot wait for its parts. Ink waits for developer tools alone; its layout
 * engine unpacks itself at once, from the same bytes.
 */
export const withoutWaiting: Plugin = {
  name: 'without-waiting',
  setup(build) {
    const replaced = (filter: RegExp, pairs: readonly (readonly [RegExp, string])[]) =>
      build.onLoad({ filter }, async ({ path }) => {
        let contents = await readFile(path, 'utf8')
        for (const [from, to] of pairs) {
          if (!from.test(contents)) throw new Error(`${path} is not as it was: ${from} is not found`)
          contents = contents.replace(from, to)
        }
        return { contents, loader: 'js' }
      })
    replaced(/ink[\\/]build[\\/]reconciler\.js$/, [[/process\.env\['DEV'\] === 'true'/g, 'false']])
    replaced(/yoga-layout[\\/]dist[\\/]src[\\/]index\.js$/, [[/await loadYoga\(\)/, 'loadYoga()']])
    // It calls something else `require`, too.
    replaced(/web-tree-sitter\.js$/, [[/await import\((".+?")\)/g, 'process.getBuiltinModule($1)']])
    replaced(/yoga-wasm-base64-esm\.js$/, [
      [/loadYoga = loadYoga \|\| \{\};/, 'loadYoga = { instantiateWasm: (imports, done) => done(instance(imports)) };'],
      [/return loadYoga\.ready/, 'return loadYoga'],
      [
        /"data:application\/octet-stream;base64,([\w+/=]+)"/,
        '"";const instance=(imports)=>new WebAssembly.Instance(new WebAssembly.Module(Buffer.from("$1","base64")),imports)',
      ],
    ])
  },
}

/** Node's own modules as they are asked for: an `import` of one loads whatever it has to offer. */
export const builtins: Plugin = {
  name: 'builtins',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'builtin' }))
    // Name by name: what nobody imports is not even looked at.
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, async ({ path }) => {
      const names = Object.keys((await import(path)) as object).filter((name) => /^(?!default$)\w+$/.test(name))
      const given = names.map((name) => `export const ${name} = /* @__PURE__ */ ((all) => all.${name})(all)`)
      return { contents: [`const all = process.getBuiltinModule('${path}')`, ...given].join('\n') }
    })
  },
}

/** The loader of the program in the place of the program. */
export const asScript: Plugin = {
  name: 'as-script',
  setup(build) {
    const path = fileURLToPath(import.meta.resolve('./program.ts'))
    build.onResolve({ filter: /^\.\/cli\/index\.ts$/ }, () => ({ path }))
  },
}

/** What loader and program have in common: there is one terminal to restore, and one output. */
export const shared: Plugin = {
  name: 'shared',
  setup(build) {
    build.onResolve({ filter: /[\\/](crash|out)\.ts$/ }, ({ path }) => ({
      path: path.slice(path.lastIndexOf('/') + 1, -3),
      external: true,
    }))
  },
}
