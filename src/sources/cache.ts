import { keyOf } from '../ask/canonical.ts'
import type { Ask, Reply, Request } from '../ask/request.ts'

/** A source that asks each question once. */
export interface Cache {
  readonly ask: Ask
  /** Forgets the replies the predicate names, or all, so that they are asked again. Questions on their way are not shared any more. */
  readonly forget: (predicate?: (request: Request, reply: Reply | undefined) => boolean) => void
  readonly size: () => number
}

interface Kept {
  readonly request: Request
  readonly answer: Promise<Reply>
  reply?: Reply
}

/** One reply per spelt request; who asks while it is on its way shares it. POST bodies are told apart. */
export function cached(source: Ask): Cache {
  const kept = new Map<string, Kept>()
  return {
    ask(request) {
      const body = 'body' in request && request.body !== undefined ? JSON.stringify(request.body) : ''
      const key = `${keyOf(request)}\n${body}`
      const known = kept.get(key)
      if (known) return known.answer
      const fresh: Kept = { request, answer: source(request) }
      kept.set(key, fresh)
      void fresh.answer.then(
        (reply) => (fresh.reply = reply),
        () => kept.delete(key),
      )
      return fresh.answer
    },
    forget(predicate = () => true) {
      for (const [key, { request, reply }] of kept) if (predicate(request, reply)) kept.delete(key)
    },
    size: () => kept.size,
  }
}
