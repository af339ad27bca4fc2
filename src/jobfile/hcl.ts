/** Nomad's own parser of HCL, compiled to WebAssembly: it judges whether the syntax is valid, and says so in its words. */
import type { SyntaxProblem } from './ast.ts'
import { unrendered } from './unrendered.ts'
import { lastOf, type Go, type Instance } from './go.ts'

/** What HCL has against a text; none when it is valid. */
export type HclJudge = (text: string) => Promise<readonly SyntaxProblem[]>

/** It takes long to start, so it does when the first text is judged. */
export function hclJudge(file: () => Promise<Uint8Array<ArrayBuffer>>): HclJudge {
  let compiled: Promise<Module> | undefined
  let judge: Promise<GoParser> | undefined
  return async (text) => {
    compiled ??= file().then((bytes) => world.WebAssembly.compile(bytes))
    judge ??= compiled.then(goParser)
    const said = await (await judge)(text)
    if (said !== 'ended') return said
    judge = undefined // the next text gets a fresh one
    return [gaveUp]
  }
}

/** A text that exhausts the parser, such as thousands of brackets in brackets. */
const gaveUp: SyntaxProblem = {
  line: 1,
  column: 1,
  summary: 'Cannot be parsed',
  detail: 'The parser of HCL gave up on this text; it may be nested too deeply.',
}

type GoParser = (text: string) => Promise<readonly SyntaxProblem[] | 'ended'>
/** Compiled once; each instance of it has a memory of its own. */
type Module = object
interface World {
  readonly Go: new () => Go
  readonly WebAssembly: {
    compile: (bytes: Uint8Array) => Promise<Module>
    instantiate: (module: Module, imports: object) => Promise<Instance>
  }
  [root: `__parse${string}`]: Root
}
const world = globalThis as unknown as World
type Root = Record<string, (name: string, text: string, done: (error: string | null) => void) => void>

const over = () => 'ended' as const

async function goParser(module: Module): Promise<GoParser> {
  // It touches Node's cryptography, which takes as long to load as Node to start.
  await import('@cdktf/hcl2json/wasm/wasm_exec.js')
  const root: Root = {}
  const go = new world.Go()
  world['__parse_terraform_config_wasm__'] = root
  // It seeds hash tables alone: nothing here needs cryptography.
  go.importObject.go['runtime.getRandomData'] = (sp) => {
    const { buffer } = instance.exports.mem
    const [at, , length] = new Uint32Array(buffer, (sp >>> 0) + 8, 3)
    const bytes = new Uint8Array(buffer, at, length)
    for (const index of bytes.keys()) bytes[index] = Math.random() * 256
  }
  const exhausted = lastOf(go)
  const instance = await world.WebAssembly.instantiate(module, go.importObject)
  const ended = Promise.race([exhausted, go.run(instance).then(over, over)])
  const judge = (text: string) =>
    new Promise<readonly SyntaxProblem[]>((resolve) => {
      root['parse']?.(called, text, (error) => resolve(error ? problemsOf(error, text) : []))
    })
  return (text) => Promise.race([judge(text), ended])
}

/** A name that no job file has, so that it can be told from what stands in the text. */
const called = '<text>'
/** `parse config: [<text>:2,7-3,1: Invalid expression; Expected the start … <text>:3,1-2: …]`, as Go prints a list. */
function problemsOf(said: string, text: string): readonly SyntaxProblem[] {
  if (!/parse config/.test(said)) return []
  const list = said.replace(/^[\s\S]*?parse config: \[/, '').replace(/\]\s*$/, '')
  const found = [...list.matchAll(/<text>:(\d+),(\d+)-(?:\d+,)?\d+: /g)]
  const problems = found.map((match, i) => {
    const body = list.slice(match.index + match[0].length, found[i + 1]?.index ?? list.length).trim()
    const [summary = '', ...rest] = body.split('; ')
    const detail = rest.join('; ').replaceAll(/<text>:(\d+),(\d+)-(?:\d+,)?\d+/g, 'line $1, column $2')
    const open = summary === 'Unterminated template string' ? openHeredoc(text) : undefined
    if (open) return { ...open.at, summary, detail: `${detail} A line with ${open.mark} alone ends it.` }
    return { line: Number(match[1]), column: Number(match[2]), summary, detail }
  })
  const template = unrendered(problems, text)
  return template ? [template] : problems
}

/** The heredoc that the text ends in: HCL itself names the end of the text. */
function openHeredoc(text: string) {
  let open: { readonly mark: string; readonly at: { readonly line: number; readonly column: number } } | undefined
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (open) {
      if (line.trim() === open.mark) open = undefined
      continue
    }
    const found = /<<-?([A-Za-z_][\w-]*)\s*$/.exec(line)
    if (found?.[1] !== undefined) open = { mark: found[1], at: { line: i + 1, column: found.index + 1 } }
  }
  return open
}
