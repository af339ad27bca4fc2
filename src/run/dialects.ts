import { tokens } from './words.ts'

/** What a system call or a name service may answer: what Go prints, which Nomad and Consul do, and any wording of it. */
const answers: readonly (readonly [inGo: string, said: RegExp])[] = [
  [
    'connect: connection refused',
    /connection refused|ECONNREFUSED|\b(?:Errno|Error) 111\b|\(111[:)]|Could ?n[o']t connect to server(?!: )|Connection to \S+ refused/i,
  ],
  ['i/o timeout', /tim(?:ed|e)[ -]?out|deadline exceeded|ETIMEDOUT|\bErrno 110\b|\(110[:)]/i],
  [
    'connect: no route to host',
    /no route to host|host (?:is )?unreachable|EHOSTUNREACH|\bErrno 113\b|\(113[:)]|NoRouteToHost/i,
  ],
  ['connect: network is unreachable', /network (?:is )?unreachable|ENETUNREACH|\bErrno 101\b|\(101: /i],
  ['read: connection reset by peer', /connection reset|reset by peer|ECONNRESET|\bErrno 104\b|\(104: /i],
  ['bind: address already in use', /address (?:already )?in use|EADDRINUSE|\bErrno 98\b|\(98: /i],
  [
    'bind: cannot assign requested address',
    /cannot assign requested address|address not available|EADDRNOTAVAIL|\bErrno 99\b|\(99: /i,
  ],
  ['permission denied', /permission ?denied|EACCES|\bErrno 13\b|\(13: /i],
  ['operation not permitted', /operation not permitted|EPERM/i],
  ['no such file or directory', /no such file or directory|ENOENT/i],
  ['exec format error', /exec format error|ENOEXEC/i],
  [
    'no such host',
    /no such host|ENOTFOUND|name or service not known|name does not resolve|NXDOMAIN|UnknownHost|could ?n[o']t resolve|host not found|bad address/i,
  ],
  ['temporary failure in name resolution', /temporary failure in name resolution|EAI_AGAIN|server misbehaving/i],
]

/** The answers that a text names: a line that names one is not printed where it was another. */
export const answersOf = (text: string): readonly string[] =>
  answers.filter(([, said]) => said.test(text)).map(([inGo]) => inGo)

/** Those that a name service gives. */
export const lookups: ReadonlySet<string> = new Set(['no such host', 'temporary failure in name resolution'])

/** Words of answers alone do not tell who got them. */
export const answerWords: ReadonlySet<string> = new Set(
  [...answers.map(([inGo]) => inGo), 'connection timed out', 'name or service not known', 'bad address', 'error', 'err']
    .flatMap(tokens)
    .map(({ word }) => word),
)

/** Programs that say of a connection they tried that it got no answer; of other answers any program does. */
const silent =
  /\bETIMEDOUT\b|\bErrno 110\b|\(110[:)]|can't connect to remote host|java\.net\.\w+Exception: connect|curl: \(28\) (?:Failed to connect|Connection (?:timed out|timeout))|Failed to connect to \S+ port \d+|could not connect to server: |connection to server at /i

/** Another exchange than one of a program that it calls. */
const elsewhere = /dial (?:tcp|udp)|#53|nslookup|lookup |read udp/

/** A program that could not listen. */
const listens = /\bErrno 9[89]\b|BindException/

/** Who says only that a name does not resolve. */
const nameless = /name or service not known|could not (?:be )?resolve|name does not resolve/i

/** What becomes of such a connection; a program need not say that it was connecting. */
export const ends: ReadonlySet<string> = new Set([
  'connect: connection refused',
  'i/o timeout',
  'connect: no route to host',
  'connect: network is unreachable',
])

/** The address that a text names, if it names one. */
const place = /\b(\d{1,3}(?:\.\d{1,3}){3}|localhost)\b(?:"? *\(?|\)|,? port |:)?\s?(\d{1,5})?\b/i

/**
 * What tells nothing of the cause: the system call that Node.js names is not the mesh, what wget says is also said by nc,
 * of few faults, and curl begins alike whatever came of the attempt.
 */
const aside =
  /\bconnect (?=E[A-Z]+\b)|could not connect to server: (?=Connection timed out)|wget: can't connect to remote host|curl: \(28\)(?: Failed to connect to \S+ port \d+)?(?: after \d+ ms)?|(?<=Connection timed out) after \d+ milliseconds/g

/** Node.js says it of loopback in a text that lines have, too. */
const asideLocal = /curl: \(\d+\) Failed to connect to \S+ port \d+(?: after \d+ ms)?/g

/** A socket in the file system has no network. */
const unix = /\b(dial unix [^\s:]+: )(?:connect: )?connection refused/gi

/** A pasted text, with the same in Go's words behind it where another program said it. */
export function inGo(pasted: string): string {
  const text = pasted.replaceAll(unix, '$1nobody listens').replaceAll(': getsockopt: ', ': connect: ')
  if (elsewhere.test(text)) return text
  const [, host = '', port] = place.exec(text) ?? []
  const loopback = host.startsWith('127.') || host.toLowerCase() === 'localhost'
  const at = `dial tcp ${loopback ? '127.0.0.1' : host}${port === undefined ? '' : `:${port}`}`
  const more = answersOf(text).flatMap((answer) => {
    if (answer === 'i/o timeout' && !silent.test(text)) return []
    if (ends.has(answer)) return `${at}: ${answer}`
    if (answer.startsWith('bind: ') && listens.test(text)) return answer
    if (answer === 'no such host' && nameless.test(text) && !text.includes('translate'))
      return `lookup ${/[\w.-]+\.consul\b/.exec(text)?.[0] ?? ''}: ${answer}`
    // Node.js has the name of the error alone.
    if (/\bEAI_AGAIN\b(?!.*\.consul\b)/.test(text) && answer === 'temporary failure in name resolution') return answer
    return []
  })
  if (more.length === 0) return text
  return [text.replaceAll(loopback ? asideLocal : aside, ''), ...more].join('\n')
}
