import type { StuckConnection } from '../../knowledge/shapes/connections.ts'
import { parseSockets } from '../../packet/ss.ts'
import { command, inNetns, whole } from '../command.ts'

/** Connections whose data is sent again and again. Each socket has two lines: itself, and what TCP knows of it. */
export const allocConnections = command({
  id: 'alloc-connections',
  about: 'alloc',
  title: 'Connections of the allocation that make no progress',
  provides: 'alloc.stuck',
  at: inNetns,
  argv: ['ss', '-Htnio'],
  make: (text) => {
    const lines = text.split('\n')
    const stuck = lines.flatMap((line, i): readonly StuckConnection[] => {
      if (line.trim() === '' || /^\s/.test(line)) return []
      const [socket] = whole(parseSockets(line.replace(/\s*timer:\(.*\)\s*$/, ''), 'tcp'))
      const detail = lines[i + 1] ?? ''
      const value = (name: string): number => Number(new RegExp(String.raw`\b${name}:(\d+)`).exec(detail)?.[1] ?? 0)
      if (!socket || value('backoff') < 2 || socket.local.port === null) return []
      const peer = socket.peer.address.replace(/^::ffff:/, '')
      return [
        { peer, port: socket.local.port, waiting: socket.sendQ, mss: value('mss'), acknowledged: value('bytes_acked') },
      ]
    })
    const shown = stuck.map(
      ({ peer, port, waiting, mss, acknowledged }) =>
        `port ${port} to ${peer}: ${waiting} bytes wait, ${acknowledged} were acknowledged, mss ${mss}`,
    )
    return [stuck, shown.join('\n') || 'no connection is stuck']
  },
})
