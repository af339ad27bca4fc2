/** The server side of Nomad's exec stream, as small as the tests of it need. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

export interface Talk {
  readonly request: IncomingMessage
  readonly query: URLSearchParams
  readonly send: (frame: unknown) => void
  readonly close: (code: number, reason: string) => void
  readonly drop: () => void
}

const stream = (text: string) => ({ data: Buffer.from(text).toString('base64') })
export const stdout = (text: string) => ({ stdout: stream(text) })
export const stderr = (text: string) => ({ stderr: stream(text) })
export const exited = (code: number) => ({ exited: true, result: { exit_code: code } })

function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload
  const head =
    length < 126 ? Buffer.from([0x80 | opcode, length]) : Buffer.from([0x80 | opcode, 126, length >> 8, length & 255])
  return Buffer.concat([head, payload])
}

/** Answers each upgrade with `talk`; `status` refuses the upgrade instead. */
export function onExec(server: Server, talk: (talk: Talk) => void, status?: number): string[] {
  const heard: string[] = []
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => {})
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 17\r\nConnection: close\r\n\r\nPermission denied`)
      return
    }
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    socket.on('data', (data: Buffer) => {
      const size = (data[1] ?? 0) & 127
      const mask = data.subarray(2, 6)
      if ((data[0] ?? 0) === 0x81)
        heard.push(Buffer.from(data.subarray(6, 6 + size).map((byte, i) => byte ^ (mask[i % 4] ?? 0))).toString())
    })
    talk({
      request,
      query: new URL(request.url ?? '', 'http://x').searchParams,
      send: (value) => socket.write(frame(1, Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))),
      close: (code, reason) =>
        socket.end(frame(8, Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]))),
      drop: () => socket.destroy(),
    })
  })
  return heard
}
