import { nomad } from '../../src/ask/nomad.ts'
import { refusalOf } from '../../src/ask/refusal.ts'
import type { Reply, Request } from '../../src/ask/request.ts'
import type { Endpoint } from '../../src/sources/endpoint.ts'
import type { HttpOptions } from '../../src/sources/http.ts'
import { nomadSource } from '../../src/sources/nomad.ts'
import { quick } from './server.ts'

/** One request over a source of its own. */
export async function once(
  endpoint: Endpoint,
  request: Request = nomad.nodes(),
  options: HttpOptions = quick,
): Promise<Reply> {
  const source = nomadSource(endpoint, options)
  const reply = await source.ask(request)
  await source.close()
  return reply
}
export const whyOf = (reply: Reply, request: Request = nomad.nodes()) => refusalOf(request, reply)?.why
export const node = '11111111-2222-3333-4444-555555555555'
