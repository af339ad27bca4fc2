/** What a literal of the older HCL stands for. Source: github.com/hashicorp/hcl 1.0.1, hcl/token/token.go, hcl/strconv/quote.go. */
import type { Token } from './hcl1-scan.ts'

/** Undefined where HCL itself breaks down over it. */
export function valueOf({ kind, text }: Token): string | number | boolean | undefined {
  if (kind === 'BOOL') return text === 'true'
  if (kind === 'NUMBER' || kind === 'FLOAT') return numberOf(text) ?? text
  if (kind === 'STRING') return unquoted(text)
  return kind === 'HEREDOC' ? unindented(text.replaceAll('\r\n', '\n')) : text
}

/** `0x4e20` and `047040` are 20000, as Go reads numbers. */
function numberOf(text: string): number | undefined {
  const [, minus = '', digits = ''] = /^(-?)(.*)$/s.exec(text) ?? []
  const octal = /^0[0-7]+$/.test(digits)
  if (!octal && /^0\d+$/.test(digits)) return undefined
  const value = Number(octal ? `0o${digits.slice(1)}` : digits.replace(/\.(?!\d)/, ''))
  return digits === '' || Number.isNaN(value) ? undefined : minus === '' ? value : -value
}

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
}

/** Nothing is replaced in what `${` and its `}` enclose. */
function unquoted(text: string): string | undefined {
  if (text.length < 2 || !text.endsWith('"')) return undefined
  const inner = text.slice(1, -1)
  let made = ''
  for (let at = 0; at < inner.length;) {
    if (inner.startsWith('${', at)) {
      const end = closing(inner, at + 2)
      if (end === undefined) return undefined
      made += inner.slice(at, end)
      at = end
      continue
    }
    const [whole, plain, code] = /^(?:\\([abfnrtv\\"])|\\(?:[xuU]([0-9A-Fa-f]+)))/.exec(inner.slice(at, at + 10)) ?? []
    const [octal] = /^\\[0-7]{3}/.exec(inner.slice(at, at + 4)) ?? []
    if (octal !== undefined) {
      const code = Number.parseInt(octal.slice(1), 8)
      if (code > 255) return undefined
      made += String.fromCodePoint(code)
      at += 4
    } else if (whole !== undefined && plain !== undefined) {
      made += escapes[plain] ?? ''
      at += 2
    } else if (code !== undefined) {
      const length = { x: 2, u: 4, U: 8 }[inner[at + 1] ?? ''] ?? 0
      const point = Number.parseInt(code.slice(0, length), 16)
      if (code.length < length || point > 0x10ffff) return undefined
      made += String.fromCodePoint(point)
      at += 2 + length
    } else {
      if (inner[at] === '"' || inner[at] === '\n' || inner[at] === '\\') return undefined
      made += inner[at]
      at++
    }
  }
  return made
}

function closing(text: string, from: number): number | undefined {
  let braces = 1
  for (let at = from; at < text.length; at++) {
    braces += text[at] === '{' ? 1 : text[at] === '}' ? -1 : 0
    if (braces === 0) return at + 1
  }
  return undefined
}

/** `<<-`: the white space before the mark is taken from each line, where each has it. */
function unindented(text: string): string {
  const begin = text.indexOf('\n') + 1
  const mark = /^<<-?(.*)\n/.exec(text)?.[1] ?? ''
  const body = text.slice(begin, text.length - mark.length - 1)
  if (!text.startsWith('<<-')) return body
  const lines = body.split('\n')
  const indent = lines.at(-1) ?? ''
  if (!lines.every((line) => line.startsWith(indent))) return body.replace(/[ \t]+$/, '')
  return [...lines.slice(0, -1).map((line) => line.slice(indent.length)), ''].join('\n')
}
