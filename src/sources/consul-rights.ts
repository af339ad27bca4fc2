import { capabilitiesOf } from '../ask/capability.ts'
import { refusalOf } from '../ask/refusal.ts'
import type { Reply, Request } from '../ask/request.ts'
import { bare } from './paths.ts'
import { shortly } from './shortly.ts'

export type ConsulRequest = Extract<Request, { via: 'consul' }>

/** The header of a list that is not whole (Consul 1.12 and newer, and only for who has a token). */
export const filteredHeader = 'x-consul-results-filtered-by-acls'

/** A name that no rule for one service or a family of them is about: only the rules for all services fit. */
const anyName = '~'

interface Right {
  readonly missing: string
  /** Asks for something that is refused, instead of left out, to who lacks the right. */
  readonly path: string
  /** An answer without any row shows the lack too. */
  readonly never?: 'empty'
}

const service = (name: string): Right => ({ missing: 'service:read', path: `/v1/config/service-defaults/${name}` })
/** A Consul cluster has at least the node of the server that answers. */
const node: Right = { missing: 'node:read', path: '/v1/catalog/nodes', never: 'empty' }
const intention: Right = {
  missing: 'intentions:read',
  path: `/v1/connect/intentions/match?by=destination&name=${anyName}`,
}

/**
 * Lists that hold only what the token may see, and say nothing of the rest: consul agent/consul/acl.go, `filterACL`.
 * What is left out must not count as not there.
 */
const lists: readonly (readonly [path: RegExp, rights: (name: string) => readonly Right[]])[] = [
  [/^\/v1\/catalog\/services$/, () => [service(anyName)]],
  [/^\/v1\/catalog\/nodes$/, () => [node]],
  [/^\/v1\/(?:catalog|health)\/(?:service|connect)\/([^/]+)$/, (name) => [service(name), node]],
  [/^\/v1\/agent\/(services|checks)$/, () => [service(anyName)]],
  [/^\/v1\/agent\/members$/, () => [node]],
  [/^\/v1\/(connect\/intentions|config\/service-intentions)$/, () => [intention]],
  [/^\/v1\/config\/service-defaults$/, () => [service(anyName)]],
]

/** How a request goes out: the answer, and whether Consul itself says that rows are missing. */
export type Send = (request: ConsulRequest) => Promise<{ readonly reply: Reply; readonly filtered: boolean }>

const tokenFrom = '(CONSUL_HTTP_TOKEN, --consul-token)'

/** Asks, and gives an answer that the token's rights made smaller, or refused, its right reason. */
export function withRights(send: Send, hasToken: boolean): (request: ConsulRequest) => Promise<Reply> {
  const because = (needs: readonly string[]): string => {
    const missing = needs.join(' and ')
    return hasToken ? `the token lacks ${missing}` : `no token is set ${tokenFrom}, and this needs ${missing}`
  }
  /** By path and client: whether a right is missing. */
  const lacks = shortly(async (key): Promise<boolean> => {
    const [path = '', on = '', never] = key.split(' ')
    const request: ConsulRequest = { via: 'consul', path, ...(on === '' ? {} : { node: on }) }
    const { reply } = await send(request)
    return reply.status === 403 || (never === 'empty' && reply.status === 200 && reply.body.trim() === '[]')
  })
  const missing = async (request: ConsulRequest): Promise<readonly string[]> => {
    const found = lists.flatMap(([path, rights]) => {
      const fit = path.exec(bare(request.path))
      return fit ? rights(fit[1] ?? '') : []
    })
    const told = await Promise.all(
      found.map(({ path, never = '' }) => lacks(`${path} ${request.node ?? ''} ${never}`.trimEnd())),
    )
    return found.flatMap((right, i) => (told[i] === true ? right.missing : []))
  }
  return async (request) => {
    const { reply, filtered } = await send(request)
    if (reply.status === 200) {
      const needs = await missing(request)
      if (needs.length === 0 && !filtered) return reply
      const why = because(needs.length > 0 ? needs : capabilitiesOf(request))
      return { ...reply, refusal: { why: 'denied', detail: `Consul left out what may not be seen: ${why}` } }
    }
    if (refusalOf(request, reply)?.why !== 'denied') return reply
    const needs = capabilitiesOf(request)
    if (/acl not found/i.test(reply.body)) {
      const also = needs.length === 0 ? '' : `, and this needs ${needs.join(' and ')}`
      const detail = `HTTP ${reply.status}: Consul does not know this token, or it has expired ${tokenFrom}${also}`
      return { ...reply, refusal: { why: 'denied', detail } }
    }
    if (hasToken || needs.length === 0) return reply
    return { ...reply, refusal: { why: 'denied', detail: `HTTP ${reply.status}: ${because(needs)}` } }
  }
}
