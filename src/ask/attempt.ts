import type { Reply } from './request.ts'

/**
 * How a connection attempt ended. `answered`: bytes came back; `connected`: the connection stood, nothing was said;
 * `stalled`: it stood, and the answer did not come or stopped on the way; `sometimes`: of two attempts one stood, the
 * other did not; `unclear`: the words fit nothing known, or two attempts ended in different ways.
 */
export type Outcome =
  | 'answered'
  | 'connected'
  | 'stalled'
  | 'refused'
  | 'timed-out'
  | 'unreachable'
  | 'reset'
  | 'empty'
  | 'name-unknown'
  | 'sometimes'
  | 'unclear'

/** What curl, nc, wget and Python say; the first row that fits wins. */
const words: readonly (readonly [RegExp, Outcome])[] = [
  [/no route to host|(network|host) is unreachable|host unreachable|network unreachable/i, 'unreachable'],
  [
    /could(n't| not) resolve|resolving timed out|bad address|name or service not known|name resolution|name does not resolve|unknown host/i,
    'name-unknown',
  ],
  [/operation timed out after \d+ \S+ with/i, 'stalled'],
  [/timed out|timeout/i, 'timed-out'],
  [/reset by peer|connection reset/i, 'reset'],
  [/refused/i, 'refused'],
  [/HTTP\/0\.9 when not allowed|server returned error: HTTP/i, 'answered'],
]

/** Exit codes of curl that tell how far an attempt got (https://curl.se/libcurl/c/libcurl-errors.html). */
const curl: Readonly<Record<number, Outcome>> = {
  6: 'name-unknown',
  8: 'answered',
  18: 'stalled',
  28: 'timed-out',
  52: 'empty',
  55: 'reset',
  56: 'reset',
  63: 'answered',
}

const telling =
  /^curl: |^nc: |failed: |refused|unreachable|no route|timed? ?out|reset by|usage|not found|must be root|permission/i

/** What `curl -v` says about the connection, without the conversation. */
export function withoutTalk(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => !/^[<>{}]/.test(line) && telling.test(line))
    .join('\n')
}

const stood: readonly Outcome[] = ['answered', 'connected']
const onlySometimes = 'of two attempts one got no connection'
const different = 'two attempts ended in different ways'

/** Two attempts at one connection, as one reply. What one of them met does not hold of both where they disagree. */
export function bothOf(first: Reply, second: Reply): Reply {
  const [one, other] = [outcomeOf(first), outcomeOf(second)]
  if (second.refusal !== undefined || second.status === -1 || other === 'unclear') return first
  if (one === other || one === 'unclear' || (stood.includes(one) && stood.includes(other))) return second
  if (!stood.includes(one) && !stood.includes(other)) return { ...second, status: 1, body: '', stderr: different }
  return { ...(stood.includes(other) ? second : first), status: 0, stderr: onlySometimes }
}

/** Reads one attempt's reply (curl's exit codes; the other tools are told apart by their words). */
export function outcomeOf({ status, body, stderr = '' }: Reply): Outcome {
  if (stderr === onlySometimes) return 'sometimes'
  // curl's telnet waits for more until its time is over: `Time-out` there means that the connection stood.
  if (status === 0 || (status === 28 && /\(28\) Time-out/.test(stderr))) return body === '' ? 'connected' : 'answered'
  if (status === 126 || status === 127) return 'unclear' // the tool did not run, whatever its name is
  const said = words.find(([pattern]) => pattern.test(stderr))?.[1] ?? curl[status]
  if (said) return said
  // Newer curl says only "Couldn't connect to server": at once means refused, seconds later means no route.
  const after = /after (\d+) ms/.exec(stderr)?.[1]
  if (status === 7) return after !== undefined && Number(after) > 1000 ? 'unreachable' : 'refused'
  return 'unclear'
}
