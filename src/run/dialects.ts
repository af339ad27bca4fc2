/** One failure in the words of many programs: the words of Go, which Nomad and Consul print, are those of most faults. */
const dialects: readonly (readonly [said: RegExp, inGo: string])[] = [
  [
    /\bECONNREFUSED\b|\[Errno 111\]|can't connect to remote host.*: Connection refused|ConnectException: Connection refused|Failed to connect to \S+ port \d+.*(?:Connection refused|Could ?n[o']t connect to server)/i,
    'connect: connection refused',
  ],
  [
    /\bETIMEDOUT\b|\[Errno 110\]|ConnectException: Connection timed out|can't connect to remote host.*: Connection timed out|curl: \(28\) (?:Failed to connect|Connection (?:timed out|timeout))/i,
    'i/o timeout',
  ],
]

/** The address that a text names, if it names one. */
const place = /\b(\d{1,3}(?:\.\d{1,3}){3})\b(?:\)|,? port |:)?\s?(\d{1,5})?\b/i

/**
 * What tells nothing of the cause: the system call that Node.js names is not the mesh, what wget says is also said by nc,
 * of few faults, and curl begins alike whatever came of the attempt.
 */
const aside =
  /\bconnect (?=E[A-Z]+\b)|wget: can't connect to remote host|curl: \(28\)(?: Failed to connect to \S+ port \d+)?(?: after \d+ ms)?|(?<=Connection timed out) after \d+ milliseconds/g

/** A pasted text, with the same in Go's words behind it where another program said it. Loopback has texts of its own. */
export function inGo(text: string): string {
  const [, host = '', port] = place.exec(text) ?? []
  const more = dialects.filter(([said]) => said.test(text) && !text.includes('dial tcp') && !host.startsWith('127.'))
  if (more.length === 0) return text
  const at = `dial tcp ${host}${port === undefined ? '' : `:${port}`}`
  return [text.replaceAll(aside, ''), ...more.map(([, words]) => `${at}: ${words}`)].join('\n')
}
