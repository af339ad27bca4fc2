/**
 * Tokens of the older HCL that agents read, with its oddities: `${` opens a text in a text, the last wrong character is
 * the one told of. Source: github.com/hashicorp/hcl 1.0.1, hcl/scanner/scanner.go.
 */
export type TokenKind =
  | 'ILLEGAL'
  | 'EOF'
  | 'COMMENT'
  | 'IDENT'
  | 'NUMBER'
  | 'FLOAT'
  | 'BOOL'
  | 'STRING'
  | 'HEREDOC'
  | 'LBRACK'
  | 'LBRACE'
  | 'COMMA'
  | 'PERIOD'
  | 'RBRACK'
  | 'RBRACE'
  | 'ASSIGN'
  | 'ADD'
  | 'SUB'
/** Offsets are in UTF-16 units, `end` behind the last one. */
export interface Token {
  readonly kind: TokenKind
  readonly text: string
  readonly at: number
  readonly end: number
  /** What is wrong with the text up to its end, and where; the last of several. */
  readonly wrong?: Wrong
}
export interface Wrong {
  readonly at: number
  readonly says: string
}

const signs: Readonly<Record<string, TokenKind>> = {
  '[': 'LBRACK',
  ']': 'RBRACK',
  '{': 'LBRACE',
  '}': 'RBRACE',
  ',': 'COMMA',
  '=': 'ASSIGN',
  '+': 'ADD',
  '-': 'SUB',
}
const space = /[ \t\r\n]*/y
const word = /[\p{L}_][\p{L}\p{Nd}_.-]*/uy
const hexadecimal = /-?0[xX][0-9A-Fa-f]*/y
const exponent = '(?:[eE][+-]?[0-9]*)?'
const number = new RegExp(`-?[0-9]+(\\.[0-9]*)?${exponent}`, 'y')
const fraction = new RegExp(`\\.[0-9]+${exponent}`, 'y')
const escape = /\\(?:[abfnrtv\\"]|[0-7]{3}|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})/y
const anchor = /<<(-?)([\p{L}_\p{Nd}]*)(\r?\n|$)?/uy
/** Characters that HCL refuses wherever they stand, comments included; the first one ends the text. */
const refused: readonly (readonly [mark: string, says: string])[] = [
  ['\0', 'unexpected null character (0x00)'],
  ['\uE123', 'unicode code point U+E123 reserved for internal use'],
]

function found(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}

/** The token that begins at this place or behind the white space there. */
export function scan(text: string, from: number): Token {
  const at = from + (found(space, text, from)?.[0].length ?? 0)
  const token = tokenAt(text, at)
  const whole = text.slice(from, token.end)
  const bad = refused.find(([mark]) => whole.includes(mark))
  if (!bad) return token
  const place = from + whole.indexOf(bad[0])
  return { kind: 'EOF', text: '', at: place, end: text.length, wrong: { at: place, says: bad[1] } }
}

function tokenAt(text: string, at: number): Token {
  const of = (kind: TokenKind, end: number, wrong?: Wrong): Token => ({
    kind,
    text: text.slice(at, end),
    at,
    end,
    ...(wrong ? { wrong } : {}),
  })
  const first = text[at]
  if (first === undefined) return of('EOF', at)
  const named = found(word, text, at)?.[0]
  if (named !== undefined) return of(/^(?:true|false)$/.test(named) ? 'BOOL' : 'IDENT', at + named.length)
  const hex = found(hexadecimal, text, at)?.[0]
  if (hex !== undefined) {
    const end = at + hex.length
    return of('NUMBER', end, /x$/i.test(hex) ? { at: end, says: 'illegal hexadecimal number' } : undefined)
  }
  const numeral = found(number, text, at)?.[0]
  if (numeral !== undefined) {
    const end = at + numeral.length
    const octal = /^-?0\d+[89]/.test(numeral) && !/[.eE]/.test(numeral)
    const wrong = octal ? { at: end, says: 'illegal octal number' } : undefined
    return of(/[.eE]/.test(numeral) ? 'FLOAT' : 'NUMBER', end, wrong)
  }
  if (first === '.') {
    const part = found(fraction, text, at)?.[0]
    return part === undefined ? of('PERIOD', at + 1) : of('FLOAT', at + part.length)
  }
  if (first === '"') return string(text, at, of)
  if (first === '#' || first === '/') return comment(text, at, of)
  if (first === '<') return heredoc(text, at, of)
  const sign = signs[first]
  return sign
    ? of(sign, at + 1)
    : of('ILLEGAL', at + String.fromCodePoint(text.codePointAt(at) ?? 0).length, { at, says: 'illegal char' })
}

type Of = (kind: TokenKind, end: number, wrong?: Wrong) => Token

function comment(text: string, at: number, of: Of): Token {
  if (text.startsWith('/*', at)) {
    const end = text.indexOf('*/', at + 2)
    return end < 0
      ? of('COMMENT', text.length, { at: text.length, says: 'comment not terminated' })
      : of('COMMENT', end + 2)
  }
  if (text[at] === '/' && text[at + 1] !== '/') return of('COMMENT', at + 1, { at, says: "expected '/' for comment" })
  const end = text.indexOf('\n', at)
  return of('COMMENT', end < 0 ? text.length : text[end - 1] === '\r' ? end - 1 : end)
}

/** Within `${` and its `}` quotes and line breaks are text. */
function string(text: string, from: number, of: Of): Token {
  let braces = 0
  let wrong: Wrong | undefined
  for (let at = from + 1; ; at++) {
    const one = text[at]
    if (one === undefined || (one === '\n' && braces === 0))
      return of('STRING', Math.min(at, text.length), { at: Math.min(at, text.length), says: 'literal not terminated' })
    if (one === '"' && braces === 0) return of('STRING', at + 1, wrong)
    if (braces === 0 && one === '$' && text[at + 1] === '{') {
      braces++
      at++
    } else if (braces > 0 && (one === '{' || one === '}')) braces += one === '{' ? 1 : -1
    if (one !== '\\') continue
    const known = found(escape, text, at)?.[0]
    if (known === undefined) wrong = { at: at + 1, says: 'illegal char escape' }
    at += (known?.length ?? 2) - 1
  }
}

/** Its text ends with the line break behind the line of its mark. */
function heredoc(text: string, at: number, of: Of): Token {
  const refuse = (end: number, says: string): Token => of('HEREDOC', end, { at: end, says })
  const head = found(anchor, text, at)
  if (!head) return refuse(at + 1, "heredoc expected second '<', didn't see it")
  const [all, indented, mark = '', eol] = head
  let start = at + all.length
  if (eol === '') return refuse(start, 'heredoc not terminated')
  if (eol === undefined) return refuse(start, 'invalid characters in heredoc anchor')
  if (mark === '') return refuse(start, 'zero-length heredoc anchor')
  // The dash counts as a letter of the mark: a line that is shorter is none.
  const least = mark.length + (indented === '' ? 0 : 1)
  for (;;) {
    const end = text.indexOf('\n', start)
    if (end < 0) return refuse(text.length, 'heredoc not terminated')
    const line = text.slice(start, end).replace(/\r$/, '')
    if (line.length >= least && line.replace(/\r+$/, '').replace(/^[ \t\n\v\f\r]*/, '') === mark)
      return of('HEREDOC', end + 1)
    start = end + 1
  }
}
