/** Tables and YAML. Of YAML only what is sure to be written, or read, as Nomad does. */
import type { Func } from './functions.ts'
import { text } from './functions-texts.ts'
import { fromPlain, isList, isMap, mapOf, NotEvaluable, type Value } from './value.ts'

/** Rows of fields, as Go reads them: lines that are empty do not count. */
function rows(of: string): readonly (readonly string[])[] {
  const all: string[][] = []
  let row: string[] = []
  for (const [, quoted, bare = '', end = ''] of of.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n][^",\r\n]*)?)(,|\r?\n|$)/g,
  )) {
    if (quoted === undefined && bare === '' && end !== ',' && row.length === 0) continue
    row.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    all.push(row)
    row = []
  }
  return all
}

function csvdecode(of: string): Value {
  if (/[^,\r\n"]"|"[^,\r\n"]/.test(of.replaceAll(/"(?:[^"]|"")*"(?=,|\r?\n|$)/g, '')))
    throw new Error('CSV parse error: bare " in non-quoted field')
  const [names, ...found] = rows(of)
  if (!names) throw new Error('missing header line')
  if (new Set(names).size < names.length) throw new Error('duplicate column name')
  if (found.some((row) => row.length !== names.length)) throw new Error('wrong number of fields')
  return found.map((row) => mapOf(names.map((name, i) => [name, row[i] ?? ''])))
}

const unsure = new NotEvaluable('this text in YAML is not worked out here')

/** Longer texts are folded, and others than these escaped in ways of their own. */
const short = /^[\t -~]{0,50}$/
const lines = /^[!-~][ -~]*(?<! )(?:\n[!-~][ -~]*(?<! ))*\n?$/

function scalar(value: Value, indent: string): string | undefined {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) || /^-?\d+\.\d+$/.test(String(value)) ? String(value) : undefined
  if (typeof value === 'boolean' || value === null) return String(value)
  if (typeof value !== 'string') return undefined
  if (short.test(value)) return JSON.stringify(value)
  if (!value.includes('\n') || !lines.test(value)) return undefined
  const body = value.replace(/\n$/, '').replaceAll('\n', `\n${indent}`)
  return `|${value.endsWith('\n') ? '' : '-'}\n${indent}${body}`
}

/** Lines without the last break; undefined where that is not sure. */
function yaml(value: Value, depth: number): readonly string[] | undefined {
  const indent = '  '.repeat(depth)
  if (isList(value) && value.length > 0) {
    const items = value.map((one) => {
      const inner = yaml(one, nested(one) ? depth + 1 : depth)
      return inner && [`${indent}- ${(inner[0] ?? '').trimStart()}`, ...inner.slice(1)]
    })
    return flat(items)
  }
  if (isMap(value) && value.size > 0) {
    const members = [...value].map(([key, one]) => {
      if (!short.test(key)) return undefined
      const inner = yaml(one, isMap(one) ? depth + 1 : depth)
      const head = `${indent}${JSON.stringify(key)}:`
      return inner && (nested(one) ? [head, ...inner] : [`${head} ${(inner[0] ?? '').trimStart()}`, ...inner.slice(1)])
    })
    return flat(members)
  }
  const said = isList(value) ? '[]' : isMap(value) ? '{}' : scalar(value, `${indent}  `)
  return said?.split('\n').map((line, i) => (i === 0 ? `${indent}${line}` : line))
}
const nested = (value: Value): boolean => (isList(value) ? value.length > 0 : isMap(value) && value.size > 0)
const flat = (parts: readonly (readonly string[] | undefined)[]): readonly string[] | undefined =>
  parts.every((part) => part !== undefined) ? parts.flat() : undefined

function yamlencode(value: Value): Value {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return unsure
  const found = yaml(value, 0)
  return found ? `${found.join('\n')}\n` : unsure
}

/** JSON is YAML, and means the same there; the rest of YAML is left to Nomad. */
function yamldecode(of: string): Value {
  try {
    return fromPlain(JSON.parse(of))
  } catch {
    return unsure
  }
}

export const data: Readonly<Record<string, Func>> = {
  csvdecode: (of) => csvdecode(text(of)),
  yamldecode: (of) => yamldecode(text(of)),
  yamlencode: (of) => yamlencode(of ?? null),
}
