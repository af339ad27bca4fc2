import type { Reply, Request } from '../ask/request.ts'

interface Inspect {
  readonly what: string
  readonly ids: ReadonlySet<string>
}

/** `docker inspect ID…` and `docker network inspect ID…` without options. */
function read(request: Request): Inspect | null {
  if (request.via !== 'node' || !('argv' in request) || request.argv[0] !== 'docker') return null
  const at = request.argv.indexOf('inspect')
  const ids = request.argv.slice(at + 1)
  if (at === -1 || at > 2 || ids.length === 0 || ids.some((id) => id.startsWith('-'))) return null
  return { what: `${request.node} ${request.argv.slice(0, at + 1).join(' ')}`, ids: new Set(ids) }
}

/** Answers an inspection from a recorded one of the same client that covers at least the ids asked for, in any order. */
export function recordedInspects(): {
  add(request: Request, reply: Reply): void
  find(request: Request): Reply | undefined
} {
  const recorded: { inspect: Inspect; reply: Reply }[] = []
  return {
    add(request, reply) {
      const inspect = read(request)
      if (inspect) recorded.push({ inspect, reply })
    },
    find(request) {
      const asked = read(request)
      return asked
        ? recorded.findLast(({ inspect }) => inspect.what === asked.what && asked.ids.isSubsetOf(inspect.ids))?.reply
        : undefined
    },
  }
}
