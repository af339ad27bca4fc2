import { nomad } from '../ask/nomad.ts'
import { refusalOf } from '../ask/refusal.ts'
import type { Ask, Reply, Request } from '../ask/request.ts'
import { OptionError } from './option-error.ts'
import { sayError } from './reply.ts'
import { readText } from './text-file.ts'

/** The request that asks for the file, not one that brings a text of its own, such as an edited file. */
const isParse = (request: Request): boolean =>
  request.via === 'nomad' &&
  request.method === 'POST' &&
  request.path.startsWith('/v1/jobs/parse') &&
  request.body === undefined

/**
 * A job the servers do not have (refused at submit, or not submitted yet): its file answers the request to parse it.
 * The servers' own parser reads it, https://developer.hashicorp.com/nomad/api-docs/jobs#parse-job; nothing is registered.
 * Where nobody can be asked any more, `recorded`, it has to be the file whose reading was recorded.
 */
export async function withJobFile(source: Ask, file: string, recorded = false): Promise<Ask | OptionError> {
  const wrong = (said: string) => new OptionError('--job-file', `${file}: ${said}`)
  let text: string
  try {
    text = await readText(file)
  } catch (error) {
    return wrong(sayError(error))
  }
  const request = recorded ? nomad.parse() : { ...nomad.parse(), body: { JobHCL: text, Canonicalize: true } }
  const parsed = await source(request)
  const refusal = refusalOf(request, parsed)
  if (refusal && recorded) return wrong('this case holds no job that was read from a file and not registered')
  if (refusal) return wrong(refusal.detail)
  const { id, namespace } = nameOf(parsed)
  if (id !== undefined && (await source(nomad.job(id, namespace))).status === 200)
    return wrong(
      `the servers have a job ${id}, and what runs there is looked at without the file; the file alone: nomad-netdoctor lint ${file}`,
    )
  const own = id === undefined ? undefined : pathOf(nomad.submission(id, 0, namespace))
  // What was never submitted has its file for a submission.
  const submission = JSON.stringify({ Source: text, Format: /^\s*\{/.test(text) ? 'json' : 'hcl2', File: file })
  return (asked) => {
    if (isParse(asked)) return Promise.resolve(parsed)
    if (own !== undefined && pathOf(asked) === own) return Promise.resolve({ ...parsed, body: submission })
    return source(asked)
  }
}

const pathOf = (request: Request): string | undefined =>
  request.via === 'nomad' ? request.path.replace(/\?.*/, '') : undefined

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
