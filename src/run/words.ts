/** A word of an error line, where error lines are compared by their words. */
export interface Token {
  readonly word: string
  /** A quoted value or a number: another one may stand in its place. */
  readonly varies: boolean
  /** It is the beginning of a word or an address: `NOMAD_PORT_<label>`, `172.26.<n>.<n>`. */
  readonly begins: boolean
  /** A value, or the border of two parts of a message, is in front of it: other words may stand there. */
  readonly free: boolean
  /** A part of the message begins with it: errors are told as `what failed: why: why`. */
  readonly part: boolean
}

/** Where a value stands that varies. */
const hole = '\u0001'

/** A number behind one of these is no value: it says what happened. */
const codes = /^(?:closed|code|curl|errno)$/

/** Words of a text or a line, one or many of a thing alike; placeholders are left out. */
export function tokens(text: string): readonly Token[] {
  const spoken = text
    // An address without a host says more than one with any host.
    .replaceAll(/(?<=\/\/|dial tcp ):(?=\d|<)/g, ' without_host :')
    .replaceAll(/(?<![\w:])::1(?![\w:])/g, ' loopback_six ')
    .replaceAll(/\[(?:<address>|[\da-f:]*:[\da-f:.]*(?:%\w+)?)\](?=:)/gi, ' bracketed_six ')
    .replaceAll(/\btcp[46]\b/g, 'tcp')
    .replaceAll(/\blocalhost\b/gi, '127.0.0.1')
    .replaceAll(/\\[nt]/g, ' ')
    .replaceAll('\\"', '"')
    .replaceAll(/<[^<>\s]*>|…|\.\.\./g, hole)
    .toLowerCase()
  const found: Token[] = []
  let end = 0
  for (const match of spoken.matchAll(/["'`]([\w.-]*)["'`]|(\d[\d.]*|[a-z0-9_]+)/g)) {
    const [all, quoted, plain = ''] = match
    const between = spoken.slice(end, match.index)
    const after = match.index + all.length
    const open = spoken[after] === hole && quoted === undefined
    const part = found.length === 0 || /[:;.=*([\n]\W*$|--|\n/.test(between)
    const before = found.length
    for (const word of (quoted ?? plain).split(/(?<!\d)[.-]|[.-](?!\d)/)) {
      const bare = word.replaceAll(/^[._]+|[._]+$/g, '')
      if (bare.length < 2 && !/^\d$/.test(bare)) continue
      const first = found.length === before
      found.push({
        word: bare.replace(/(?<=[a-z]{3})s$/, ''),
        varies: (quoted !== undefined || /^[\d.]+$/.test(bare)) && !codes.test(found.at(-1)?.word ?? ''),
        begins: open && /[_.]$/.test(plain),
        free: first && (part || between.includes(hole) || found.at(-1)?.varies === true),
        part: part && first,
      })
      end = after
    }
  }
  return found
}

/** The word of a line stands in a text as that one. */
export const same = ({ word, begins }: Token, other: string): boolean =>
  word === other || (begins && (other.startsWith(`${word}_`) || other.startsWith(`${word}.`)))
