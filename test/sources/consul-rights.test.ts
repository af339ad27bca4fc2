import { describe, expect, it } from 'vitest'
import { consul } from '../../src/ask/consul.ts'
import { refusalOf } from '../../src/ask/refusal.ts'
import type { Reply, Request } from '../../src/ask/request.ts'
import { consulSource } from '../../src/sources/consul.ts'
import type { Commands } from '../../src/sources/node.ts'
import { quick, serve } from './server.ts'

const denied = [403, 'Permission denied'] as const
const unset = [404, 'Config entry not found for "service-defaults"'] as const
const rows = [200, '[{"Node":"c1"}]'] as const
const none = [200, '[]'] as const
const unknownToken = [403, 'ACL not found'] as const

type Said = readonly [status: number, body: string]
/** Consul as it answers one token: what is not named is an empty list, as from a server that leaves all out. */
const answers: Readonly<Record<string, Readonly<Record<string, Said>>>> = {
  everything: {
    '/v1/config/service-defaults/api': unset,
    '/v1/config/service-defaults/~': unset,
    '/v1/catalog/nodes': rows,
  },
  'services only': { '/v1/config/service-defaults/api': unset, '/v1/config/service-defaults/~': unset },
  'one other service': {
    '/v1/config/service-defaults/api': denied,
    '/v1/config/service-defaults/~': denied,
    '/v1/connect/intentions/match': denied,
    '/v1/catalog/nodes': rows,
  },
}
const serving = (told: Readonly<Record<string, Said>>, headers: Readonly<Record<string, string>> = {}) =>
  serve(({ url = '' }, response) => {
    const [status, body] = told[url.split('?')[0] ?? ''] ?? none
    response.writeHead(status, headers).end(body)
  })

async function ask(
  told: Readonly<Record<string, Said>>,
  request: Request,
  token: string | undefined,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const { endpoint } = await serving(told, headers)
  const source = consulSource({ ...endpoint, token }, null, quick)
  const reply = await source.ask(request)
  await source.close()
  return reply
}

describe('a list of Consul', () => {
  it.each([
    ['everything', consul.health('api'), undefined],
    ['everything', consul.catalogServices(), undefined],
    ['everything', consul.intentions(), undefined],
    ['services only', consul.health('api'), 'node:read'],
    ['services only', consul.catalogNodes(), 'node:read'],
    ['services only', consul.catalogServices(), undefined],
    ['one other service', consul.health('api'), 'service:read'],
    ['one other service', consul.catalogServices(), 'service:read'],
    ['one other service', consul.entries('service-defaults'), 'service:read'],
    ['one other service', consul.intentions(), 'intentions:read'],
    ['one other service', consul.catalogNodes(), undefined],
  ] as const)('read with rights to %s: %o lacks %s', async (rights, request, lacks) => {
    const reply = await ask(answers[rights] ?? {}, request, 't')
    expect(reply.status).toBe(200)
    expect(refusalOf(request, reply)).toEqual(
      lacks === undefined
        ? null
        : { why: 'denied', detail: `Consul left out what may not be seen: the token lacks ${lacks}` },
    )
  })
  it('read without a token says that there is none', async () => {
    const reply = await ask(answers['one other service'] ?? {}, consul.health('api'), undefined)
    expect(reply.refusal?.detail).toMatch(/left out .*no token is set \(CONSUL_HTTP_TOKEN.*this needs service:read/)
  })
  it('that Consul itself calls filtered is refused, whatever the rights seem to be', async () => {
    const headers = { 'X-Consul-Results-Filtered-By-ACLs': 'true' }
    const reply = await ask(answers['everything'] ?? {}, consul.health('api'), 't', headers)
    expect(reply.refusal).toMatchObject({ why: 'denied' })
  })
  it('asked from a client is held against the same rights, asked from there', async () => {
    const ran: string[] = []
    const on: Commands = {
      run: async (_, argv) => {
        const url = argv.at(-1) ?? ''
        ran.push(url)
        const [status, body] = url.includes('/config/') ? denied : ([200, '{}'] as const)
        return { at: '', ms: 1, status: 0, body: `${body}\n${status}` }
      },
    }
    const { endpoint, seen } = await serving({})
    const source = consulSource({ ...endpoint, token: 't' }, on, quick)
    const [services, checks] = await Promise.all([
      source.ask(consul.nodeServices('n')),
      source.ask(consul.nodeChecks('n')),
    ])
    expect(services.refusal?.detail).toContain('lacks service:read')
    expect(checks.refusal?.detail).toContain('lacks service:read')
    expect(ran.filter((url) => url.endsWith('/v1/config/service-defaults/~'))).toHaveLength(1)
    expect(seen).toEqual([])
    await source.close()
  })
})

describe('a request that Consul refuses', () => {
  const everywhere = (said: Said) => ({ '/v1/agent/self': said })
  it('names the right, the token nobody knows, and the token that is not set', async () => {
    const lacks = await ask(everywhere(denied), consul.agent(), 't')
    expect(refusalOf(consul.agent(), lacks)?.detail).toBe('HTTP 403: Permission denied: the token lacks agent:read')
    const strange = await ask(everywhere(unknownToken), consul.agent(), 't')
    expect(refusalOf(consul.agent(), strange)?.detail).toMatch(
      /does not know this token, or it has expired.*agent:read/,
    )
    const without = await ask(everywhere(denied), consul.agent(), undefined)
    expect(refusalOf(consul.agent(), without)?.detail).toMatch(/^HTTP 403: no token is set .*agent:read/)
  })
})
