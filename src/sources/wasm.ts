import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip } from 'node:zlib'

/** The files of the parsers: beside the built program, else in the packages they come from. */
const files = {
  hcl2json: ['hcl2json.wasm.br', '@cdktf/hcl2json/main.wasm.gz'],
  treeSitter: ['tree-sitter.wasm', 'web-tree-sitter/web-tree-sitter.wasm'],
  grammar: ['tree-sitter-hcl.wasm', '@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-hcl.wasm'],
} as const

type Bytes = Uint8Array<ArrayBuffer>

/** The bytes of each file, unpacked, when they are asked for. */
export const wasmFiles = {
  hcl2json: (): Promise<Bytes> => load(...files.hcl2json),
  treeSitter: (): Promise<Bytes> => load(...files.treeSitter),
  grammar: (): Promise<Bytes> => load(...files.grammar),
}

// Beside the main thread, which has the rest of the program to load meanwhile.
const unpack = { br: promisify(brotliDecompress), gz: promisify(gunzip) }
/** Few large pieces: the largest file is 6.5 MB. */
const pieces = { chunkSize: 1 << 20 }

async function load(built: string, packaged: string): Promise<Bytes> {
  const beside = new URL(built, import.meta.url)
  const file = existsSync(beside) ? fileURLToPath(beside) : createRequire(import.meta.url).resolve(packaged)
  const bytes = readFileSync(file)
  const packed = /\.(br|gz)$/.exec(file)?.[1]
  return packed === 'br' || packed === 'gz' ? unpack[packed](bytes, pieces) : bytes
}
