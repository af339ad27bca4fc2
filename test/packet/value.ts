import type { Parsed } from '../../src/packet/parsed.ts'

export function valueOf<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(`${parsed.why} (line ${parsed.line ?? '?'})`)
  return parsed.value
}
