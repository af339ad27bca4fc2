import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openCase } from '../../src/sources/case.ts'
import { onExec, exited, stdout } from '../sources/exec-server.ts'

export interface RecordedCluster {
  readonly address: string
  /** The commands that were run inside tasks. */
  readonly ran: readonly string[]
  readonly close: () => void
}

/**
 * A Nomad server that answers over HTTP what a recorded case answers, and runs nothing: it notes what it was to run.
 * `socket`: a path to listen at instead of a port. `slow`: milliseconds before each answer.
 */
export async function recordedCluster(dir: string, socket?: string, slow = 0): Promise<RecordedCluster> {
  const opened = await openCase(dir)
  if ('message' in opened) throw new Error(opened.message)
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (slow > 0) await new Promise((done) => setTimeout(done, slow))
    const post = request.method === 'POST' ? ({ method: 'POST' } as const) : {}
    const { status, body, refusal } = await opened.ask({ via: 'nomad', path: request.url ?? '/', ...post })
    response.writeHead(refusal || status < 100 ? 404 : status, { 'content-type': 'application/json' })
    response.end(body)
  }
  const server: Server = createServer((request, response) => void answer(request, response))
  const ran: string[] = []
  onExec(server, ({ query, send, close }) => {
    ran.push(query.get('command') ?? '')
    send(stdout('nameserver 10.0.0.1\n'))
    send(exited(0))
    close(1000, '')
  })
  await new Promise<void>((done) =>
    socket === undefined ? server.listen(0, '127.0.0.1', done) : server.listen(socket, done),
  )
  const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    address: socket === undefined ? address() : `unix://${socket}`,
    ran,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
