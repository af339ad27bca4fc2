import type { Ask, Request } from './request.ts'
import { redactor } from './redact.ts'

/** The job file as it was submitted: it is edited and planned, and whoever shows it takes the secrets out. */
const isSubmission = (request: Request): boolean =>
  request.via === 'nomad' && /^\/v1\/job\/[^/]+\/submission(\?|$)/.test(request.path)
/** Replies that hold a job which is asked about again as a whole. */
const isJob = (request: Request): boolean =>
  request.via === 'nomad' && /^\/v1\/(jobs\/parse|job\/[^/]+)(\?|$)/.test(request.path)

/**
 * A source whose replies show no secrets, so that nothing made of them can. A job that was read goes back to its servers
 * as they have it: with a value hidden they would plan a change of it.
 */
export function discreet(source: Ask): Ask {
  const secrets = redactor()
  const whole = new Map<string, unknown>()
  const asTheyHaveIt = (request: Request): Request => {
    if (!('body' in request) || typeof request.body !== 'object' || request.body === null) return request
    if (!('Job' in request.body)) return request
    const job = whole.get(JSON.stringify(request.body.Job))
    return job === undefined ? request : { ...request, body: { ...request.body, Job: job } }
  }
  return async (request) => {
    const reply = await source(asTheyHaveIt(request))
    const shown = secrets.reply(reply)
    if (isSubmission(request)) return reply
    if (isJob(request) && shown.body !== reply.body) {
      const [known, held] = [parsed(shown.body), parsed(reply.body)]
      if (known !== undefined && held !== undefined) whole.set(JSON.stringify(known), held)
    }
    return shown
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
