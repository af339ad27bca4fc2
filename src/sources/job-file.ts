import { readFile } from 'node:fs/promises'
import { nomad } from '../ask/nomad.ts'
import { refusalOf } from '../ask/refusal.ts'
import type { Ask, Reply, Request } from '../ask/request.ts'
import { OptionError } from './option-error.ts'
import { sayError } from './reply.ts'

const isParse = (request: Request): boolean =>
  request.via === 'nomad' && request.method === 'POST' && request.path.startsWith('/v1/jobs/parse')

/**
 * A job the servers do not have (refused at submit, or not submitted yet): its file answers the request to parse it.
 * The servers' own parser reads it, https://developer.hashicorp.com/nomad/api-docs/jobs#parse-job; nothing is registered.
 */
export async function withJobFile(source: Ask, file: string): Promise<Ask | OptionError> {
  const wrong = (said: string) => new OptionError('--job-file', `${file}: ${said}`)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    return wrong(sayError(error))
  }
  const request = { ...nomad.parse(), body: { JobHCL: text, Canonicalize: true } }
  const parsed = await source(request)
  const refusal = refusalOf(request, parsed)
  if (refusal) return wrong(refusal.detail)
  const { id, namespace } = nameOf(parsed)
  if (id !== undefined && (await source(nomad.job(id, namespace))).status === 200)
    return wrong(
      `the servers have a job ${id}, and what runs there is looked at without the file; the file alone: nomad-netdoctor lint ${file}`,
    )
  return (asked) => (isParse(asked) ? Promise.resolve(parsed) : source(asked))
}

function nameOf({ body }: Reply): { id?: string; namespace?: string } {
  try {
    const { ID, Namespace } = JSON.parse(body) as { ID?: unknown; Namespace?: unknown }
    return {
      ...(typeof ID === 'string' ? { id: ID } : {}),
      ...(typeof Namespace === 'string' && Namespace !== '' ? { namespace: Namespace } : {}),
    }
  } catch {
    return {}
  }
}
