import type { Reply } from '../ask/request.ts'
import type { Endpoint } from './endpoint.ts'
import type { NomadSource } from './nomad.ts'
import { withQuery } from './paths.ts'
import { sayError, timed } from './reply.ts'

export interface Exec {
  readonly nomad: NomadSource
  readonly endpoint: Endpoint
  readonly alloc: string
  readonly task: string
  readonly argv: readonly string[]
  /** Milliseconds for the whole command. */
  readonly timeout?: number
}

interface Stream {
  readonly data?: string
  readonly close?: boolean
}
interface Frame {
  readonly stdout?: Stream
  readonly stderr?: Stream
  readonly exited?: boolean
  readonly result?: { readonly exit_code?: number } | null
}

const most = 16 << 20

function parse(data: unknown): Frame {
  try {
    const frame: unknown = JSON.parse(String(data))
    return typeof frame === 'object' && frame !== null ? frame : {}
  } catch {
    return {}
  }
}

const text = (parts: readonly Buffer[]): string => Buffer.concat(parts).toString('utf8')

/**
 * One command in a task (https://developer.hashicorp.com/nomad/api-docs/allocations#exec-allocation).
 * A stream that Nomad ends without an exit code is told as its own command tells it: exit code 1 and the reason.
 */
export async function execute({ nomad, endpoint, alloc, task, argv, timeout = 15_000 }: Exec): Promise<Reply> {
  const reply = timed()
  const { WebSocket } = await import('./undici.ts')
  const query = `task=${encodeURIComponent(task)}&tty=false&command=${encodeURIComponent(JSON.stringify(argv))}`
  const path = withQuery(`/v1/client/allocation/${encodeURIComponent(alloc)}/exec?${query}`, {
    region: endpoint.region,
  })
  const dispatcher = await nomad.http.dispatcher()
  const out: Buffer[] = []
  const err: Buffer[] = []
  let size = 0
  return new Promise<Reply>((resolve) => {
    const socket = new WebSocket(`${endpoint.origin.replace(/^http/, 'ws')}${path}`, {
      dispatcher,
      headers: { ...nomad.headers },
    })
    const timer = setTimeout(
      () =>
        finish({
          status: -1,
          body: text(out),
          stderr: `timed out: the command did not end within ${timeout / 1000} s`,
        }),
      timeout,
    )
    const finish = (part: Omit<Reply, 'at' | 'ms'>): void => {
      clearTimeout(timer)
      resolve(reply(part))
      if (socket.readyState < WebSocket.CLOSING) socket.close()
    }
    socket.addEventListener('open', () => socket.send(JSON.stringify({ stdin: { close: true } })))
    socket.addEventListener('message', (event) => {
      const frame = parse(event.data)
      for (const [stream, parts] of [
        [frame.stdout, out],
        [frame.stderr, err],
      ] as const) {
        if (typeof stream?.data !== 'string') continue
        const part = Buffer.from(stream.data, 'base64')
        size += part.byteLength
        parts.push(part)
      }
      if (size > most)
        finish({
          status: -1,
          body: '',
          refusal: { why: 'unsupported', detail: 'the command printed more than 16 MiB: not read' },
        })
      else if (frame.exited === true)
        finish({ status: frame.result?.exit_code ?? 0, body: text(out), stderr: text(err) })
    })
    socket.addEventListener('close', (event) => {
      const said = event.reason === '' ? `the exec stream ended (code ${event.code})` : event.reason
      finish(
        event.code === 1006
          ? { status: -1, body: '', stderr: said }
          : { status: 1, body: text(out), stderr: `${text(err)}failed to exec into task: ${said}` },
      )
    })
    socket.addEventListener('error', (event) => {
      finish({ status: -1, body: '', stderr: `failed to exec into task: ${sayError(event.error ?? event.message)}` })
    })
  })
}
