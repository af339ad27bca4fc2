import type { Dispatcher, Pool } from 'undici'
import type { Reply } from '../ask/request.ts'
import { patience as usual, type Endpoint, type Patience } from './endpoint.ts'
import { refused, sayError, timed } from './reply.ts'

export interface HttpQuestion {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Called with each header of the answer, its name in small letters. */
  readonly hears?: (name: string, value: string) => void
}

/** One HTTP API: every outcome is a reply, none an exception. */
export interface Http {
  readonly send: (question: HttpQuestion) => Promise<Reply>
  readonly dispatcher: () => Promise<Dispatcher>
  readonly close: () => Promise<void>
}

export interface HttpOptions {
  readonly patience?: Patience | undefined
  /** Largest body taken, in bytes. */
  readonly most?: number | undefined
  readonly connections?: number | undefined
  /** Milliseconds before the second try. */
  readonly pause?: number | undefined
}

const mebibyte = 1 << 20
/** The part of the usual patience that is left for a server that has just been silent. */
const brief = 0.2
/** Answers that another moment may change (RFC 9110: too many requests, and three of a proxy). */
const passing = new Set([429, 502, 503, 504])
/** Nobody heard the question, or the line broke: it may be put again. */
const brokenLine = /ECONNREFUSED|ECONNRESET|EPIPE|UND_ERR_SOCKET|other side closed|EAI_AGAIN/

async function open({ origin, socketPath, tls }: Endpoint, wait: Patience, connections: number): Promise<Pool> {
  const { Pool } = await import('./undici.ts')
  return new Pool(origin, {
    connections,
    headersTimeout: wait.headers,
    bodyTimeout: wait.body,
    allowH2: false,
    connect: {
      timeout: wait.connect,
      ...(socketPath === undefined ? {} : { socketPath }),
      ...(tls.ca ? { ca: [...tls.ca] } : {}),
      ...(tls.cert ? { cert: tls.cert } : {}),
      ...(tls.key ? { key: tls.key } : {}),
      ...(tls.serverName ? { servername: tls.serverName } : {}),
      rejectUnauthorized: !tls.skipVerify,
    },
  })
}

/** Reads a body up to a size; null when it is larger. */
async function take(body: AsyncIterable<Uint8Array>, most: number): Promise<string | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > most) return null // leaving the loop closes the stream
    chunks.push(chunk)
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(chunks))
}

function explain(error: unknown, wait: Patience): string {
  const said = sayError(error)
  if (/UND_ERR_CONNECT_TIMEOUT/.test(said)) return `timed out: no connection within ${wait.connect / 1000} s`
  if (/UND_ERR_HEADERS_TIMEOUT/.test(said)) return `timed out: no answer within ${wait.headers / 1000} s`
  if (/UND_ERR_BODY_TIMEOUT/.test(said)) return `timed out: the answer stopped for ${wait.body / 1000} s`
  if (error instanceof Error && error.name === 'TimeoutError')
    return `timed out: no whole answer within ${wait.total / 1000} s`
  // Node's own hint is about how Node is started; OpenSSL names the place in its own sources.
  return said
    .replace(/; if the root CA.*?(?= \(|$)/, '')
    .replace(/[0-9A-F]+:error:[0-9A-F]+:([^:]+):[^:]*:([^:]+):.*?:\d+:\s*/, '$1: $2 ')
    .trim()
}

export function http(endpoint: Endpoint, options: HttpOptions = {}): Http {
  const { patience: wait = usual, most = 256 * mebibyte, connections = 8, pause = 250 } = options
  let pool: Promise<Pool> | undefined
  /** A question waited all its time while nobody else got an answer: who asks next need not wait as long. */
  let silent = false
  let answered = -Infinity
  const opened = (): Promise<Pool> => (pool ??= open(endpoint, wait, connections))

  async function once({ method, path, headers, body, hears }: HttpQuestion): Promise<Reply> {
    const reply = timed()
    const start = performance.now()
    const bound = silent ? wait.headers * brief : wait.headers
    try {
      const answer = await (
        await opened()
      ).request({
        method,
        path,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        headersTimeout: bound,
        signal: AbortSignal.timeout(wait.total),
        ...(body === undefined ? {} : { body }),
      })
      silent = false
      answered = performance.now()
      if (hears) for (const [name, value] of Object.entries(answer.headers)) hears(name, String(value))
      const text = await take(answer.body, most)
      if (text !== null) return reply({ status: answer.statusCode, body: text })
      return refused('unsupported', `the answer is larger than ${Math.round(most / mebibyte)} MiB: not read`)
    } catch (error) {
      const said = explain(error, { ...wait, headers: bound })
      if (said.startsWith('timed out') && answered < start) silent = true
      return reply({ status: -1, body: '', stderr: said })
    }
  }

  return {
    async send(question) {
      const first = await once(question)
      const again = passing.has(first.status) || (first.status === -1 && brokenLine.test(first.stderr ?? ''))
      if (question.method !== 'GET' || !again) return first
      await new Promise((done) => setTimeout(done, pause))
      return once(question)
    },
    dispatcher: opened,
    async close() {
      const open = pool
      pool = undefined
      await (await open)?.destroy()
    },
  }
}
