import type { Reply, Why } from '../ask/request.ts'

/** Starts the watch for one question; the returned function makes its reply. */
export function timed(): (part: Omit<Reply, 'at' | 'ms'>) => Reply {
  const at = new Date().toISOString()
  const start = performance.now()
  return ({ status, body, stderr, refusal }) => ({
    at,
    ms: Math.round(performance.now() - start),
    status,
    body,
    ...(stderr ? { stderr } : {}),
    ...(refusal ? { refusal } : {}),
  })
}

/** A reply of a source that did not ask, or could not. */
export function refused(why: Why, detail: string): Reply {
  return timed()({ status: -1, body: '', refusal: { why, detail } })
}

/** Codes of the system in words a person knows. */
const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ETIMEDOUT: 'timed out',
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  ENOTFOUND: 'the name does not resolve',
}

/** What an error of Node or undici says: the innermost reason, with its code. */
export function sayError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(sayError).join('; ')
  const inner: unknown = error.cause
  if (inner instanceof Error && error.message === 'fetch failed') return sayError(inner)
  const { code } = error as NodeJS.ErrnoException
  const message = error.message === '' ? error.name : error.message
  const known = code === undefined ? undefined : words[code]
  // `ENOENT: no such file or directory, stat 'a.hcl'`: who asks for a file names it.
  const [, ofFile] = /^E[A-Z]+: ([^,]+), [a-z]+(?: '|$)/.exec(message) ?? []
  if (ofFile !== undefined) return known ?? ofFile
  const said = code === undefined || message.includes(code) ? message : `${message} (${code})`
  if (known === undefined) return said
  // `connect ECONNREFUSED 10.0.0.1:4646` says the same once more, and the place.
  const [, place] = /^connect E[A-Z]+ (\S+)$/.exec(said) ?? []
  return place === undefined ? `${known}: ${said}` : `${known} (${place})`
}
