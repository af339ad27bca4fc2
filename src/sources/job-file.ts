import { readFile } from 'node:fs/promises'
import type { Ask } from '../ask/request.ts'
import { OptionError } from './option-error.ts'
import { sayError } from './reply.ts'

/**
 * A job the servers do not have (refused at submit, or not submitted yet): its file answers the request to parse it.
 * The servers' own parser reads it, https://developer.hashicorp.com/nomad/api-docs/jobs#parse-job; nothing is registered.
 */
export async function withJobFile(source: Ask, file: string): Promise<Ask | OptionError> {
  try {
    const text = await readFile(file, 'utf8')
    return (request) =>
      request.via === 'nomad' && request.method === 'POST' && request.path.startsWith('/v1/jobs/parse')
        ? source({ ...request, body: { JobHCL: text, Canonicalize: true } })
        : source(request)
  } catch (error) {
    return new OptionError('--job-file', `${file}: ${sayError(error)}`)
  }
}
