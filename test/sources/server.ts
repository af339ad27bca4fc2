/** Small local servers for the tests of sources. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createSecure, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import type { Endpoint, Patience } from '../../src/sources/endpoint.ts'

const running: Server[] = []
afterEach(() => {
  for (const server of running.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

export interface Local {
  readonly server: Server
  readonly port: number
  readonly endpoint: Endpoint
  readonly seen: IncomingMessage[]
}

/** Starts a server on loopback, over TLS when options are given, or on a unix socket. */
export async function serve(answer: RequestListener, tls?: ServerOptions, socketPath?: string): Promise<Local> {
  const seen: IncomingMessage[] = []
  const listener: RequestListener = (request, response) => {
    seen.push(request)
    answer(request, response)
  }
  const server = tls ? (createSecure(tls, listener) as unknown as Server) : createServer(listener)
  running.push(server)
  server.on('tlsClientError', () => {})
  await new Promise<void>((done) =>
    socketPath === undefined ? server.listen(0, '127.0.0.1', done) : server.listen(socketPath, done),
  )
  const port = socketPath === undefined ? (server.address() as AddressInfo).port : 0
  const origin = socketPath === undefined ? `${tls ? 'https' : 'http'}://127.0.0.1:${port}` : 'http://localhost'
  return { server, port, seen, endpoint: { origin, socketPath, tls: {} } }
}

/** For tests of time-outs alone: a busy machine may take this long for anything. */
export const impatient: Patience = { connect: 300, headers: 300, body: 300, total: 2000 }
export const quick = { pause: 1 }
