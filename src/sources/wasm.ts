import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

/** The files of the parsers: beside the built program, else in the packages they come from. */
const files = {
  hcl2json: ['hcl2json.wasm.br', '@cdktf/hcl2json/main.wasm.gz'],
  treeSitter: ['tree-sitter.wasm.br', 'web-tree-sitter/web-tree-sitter.wasm'],
  grammar: ['tree-sitter-hcl.wasm.br', '@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-hcl.wasm'],
} as const

/** The bytes of each file, unpacked. */
export async function wasmFiles(): Promise<{ readonly [K in keyof typeof files]: Uint8Array<ArrayBuffer> }> {
  const [hcl2json, treeSitter, grammar] = await Promise.all([
    load(...files.hcl2json),
    load(...files.treeSitter),
    load(...files.grammar),
  ])
  return { hcl2json, treeSitter, grammar }
}

async function load(built: string, packaged: string): Promise<Uint8Array<ArrayBuffer>> {
  const beside = new URL(built, import.meta.url)
  if (existsSync(beside)) return new Uint8Array(brotliDecompressSync(await readFile(beside)))
  const bytes = await readFile(createRequire(import.meta.url).resolve(packaged))
  return new Uint8Array(packaged.endsWith('.gz') ? gunzipSync(bytes) : bytes)
}
