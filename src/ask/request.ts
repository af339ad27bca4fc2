/**
 * Requests and replies: the contract between probes and sources, and the format of recorded cases.
 * Plain data. A request has one canonical spelling, so that a recording can answer what a live run asks.
 */

/** A place a connection attempt goes to. `path` is only for http. */
export interface Connect {
  readonly proto: 'tcp' | 'udp' | 'http'
  readonly host: string
  readonly port: number
  readonly path?: string
  /**
   * An attempt of its own beside the one to the same place, while packets are watched: no reply of that one answers it,
   * and it is made once the watching has begun.
   */
  readonly again?: true
}

/** One question to the world. `node` is a Nomad node id, or a host name for a machine without an agent. */
export type Request =
  | {
      readonly via: 'nomad'
      readonly path: string
      readonly node?: string
      readonly method?: 'POST'
      readonly body?: unknown
    }
  | { readonly via: 'consul'; readonly path: string; readonly node?: string }
  | { readonly via: 'node'; readonly node: string; readonly argv: readonly string[] }
  | { readonly via: 'node'; readonly node: string; readonly connect: Connect }
  | { readonly via: 'netns'; readonly node: string; readonly alloc: string; readonly argv: readonly string[] }
  | { readonly via: 'netns'; readonly node: string; readonly alloc: string; readonly connect: Connect }
  | { readonly via: 'task'; readonly alloc: string; readonly task: string; readonly argv: readonly string[] }
  | { readonly via: 'task'; readonly alloc: string; readonly task: string; readonly connect: Connect }
  | { readonly via: 'file'; readonly path: string }

/**
 * One raw answer. `at`: ISO 8601 time of asking. `ms`: how long it took.
 * `status`: HTTP status or exit code; -1 when no answer ever came.
 */
export interface Reply {
  readonly at: string
  readonly ms: number
  readonly status: number
  readonly body: string
  readonly stderr?: string
  /** Set by a source that knows why it could not ask at all (never asked, no consent, not in the recording). */
  readonly refusal?: { readonly why: Why; readonly detail: string }
}

/** Why something is not known. */
export type Why =
  | 'offline'
  | 'denied'
  | 'not-found'
  | 'unsupported'
  | 'timed-out'
  | 'failed'
  | 'not-recorded'
  | 'not-asked'
  | 'not-evaluable'

/** The one function a source is. It never rejects: what the world refuses is a reply. */
export type Ask = (request: Request) => Promise<Reply>

/** The spelling of a request. The body of a POST takes no part in it: who keeps replies tells bodies apart (`keyOf`). */
export function spell(request: Request): string {
  const parts: unknown[] = [request.via]
  if ('node' in request && request.node !== undefined) parts.push(`@${request.node}`)
  if ('alloc' in request) parts.push(request.alloc)
  if ('task' in request) parts.push(request.task)
  if ('method' in request && request.method !== undefined) parts.push(request.method)
  if ('path' in request) parts.push(request.path)
  if ('argv' in request) parts.push(request.argv)
  if ('connect' in request) parts.push(place(request.connect), ...(request.connect.again ? ['again'] : []))
  return JSON.stringify(parts)
}

/** A connection target in one word: `tcp://10.0.0.1:80`, `http://10.0.0.1:80/healthz`, with brackets around IPv6. */
export function place({ proto, host, port, path }: Connect): string {
  const name = host.includes(':') ? `[${host}]` : host
  return `${proto}://${name}:${port}${proto === 'http' ? (path ?? '/') : ''}`
}

/** Where a command runs, in words. */
function whereOf(request: Extract<Request, { via: 'node' | 'netns' | 'task' }>): string {
  if (request.via === 'node') return `on node ${request.node.slice(0, 8)}`
  const alloc = `allocation ${request.alloc.slice(0, 8)}`
  return request.via === 'netns' ? `in the network namespace of ${alloc}` : `in task ${request.task} of ${alloc}`
}

/** A request as a person would type or read it, for evidence. */
export function describe(request: Request): string {
  if (request.via === 'file') return request.path
  if (request.via === 'nomad' || request.via === 'consul') {
    const verb = request.via === 'consul' ? 'consul GET' : (request.method ?? 'GET')
    return `${verb} ${request.path}${request.node === undefined ? '' : ` (client ${request.node.slice(0, 8)})`}`
  }
  const what = 'connect' in request ? `connect ${place(request.connect)}` : request.argv.join(' ')
  return `${what}   ${whereOf(request)}`
}
