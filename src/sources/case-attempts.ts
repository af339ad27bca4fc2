import { bothOf, outcomeOf } from '../ask/attempt.ts'
import type { Attempt } from '../ask/connect.ts'
import { place, spell, type Connect, type Reply, type Request } from '../ask/request.ts'

/** From where an attempt was made. */
function origin(request: Request): string | null {
  if (request.via === 'node') return `node ${request.node}`
  if (request.via === 'netns') return `netns ${request.alloc}`
  return request.via === 'task' ? `task ${request.alloc} ${request.task}` : null
}

const door = ({ proto, host, port }: Connect): string => `${proto === 'udp' ? 'udp' : 'tcp'} ${host} ${port}`

/**
 * Answers connection requests from recorded attempts, however those were spelt. The last attempt wins; of the very same one
 * made again both count.
 */
export function recordedAttempts(made: readonly Attempt[]): {
  find(request: Request & { connect: Connect }): Reply | undefined
} {
  const exact = new Map<string, Reply>()
  const doors = new Map<string, Reply>()
  const shut = new Map<string, Reply>()
  const last = new Map<string, Reply>()
  for (const { request, connect, reply: own } of made) {
    const from = origin(request)
    const before = last.get(spell(request))
    const reply = before ? bothOf(before, own) : own
    last.set(spell(request), reply)
    exact.set(`${from} ${place(connect)}`, reply)
    doors.set(`${from} ${door(connect)}`, reply)
    // Where no connection stands at all, the path asked for makes no difference.
    if (['refused', 'timed-out', 'unreachable', 'name-unknown'].includes(outcomeOf(reply)))
      shut.set(`${from} ${door(connect)}`, reply)
    else shut.delete(`${from} ${door(connect)}`)
  }
  return {
    find(request) {
      const from = origin(request)
      const { connect } = request
      const other = connect.proto === 'http' ? shut : doors
      return exact.get(`${from} ${place(connect)}`) ?? other.get(`${from} ${door(connect)}`)
    },
  }
}
