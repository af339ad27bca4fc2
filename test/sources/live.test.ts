import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { consul } from '../../src/ask/consul.ts'
import { nomad } from '../../src/ask/nomad.ts'
import type { Ask, Reply, Request } from '../../src/ask/request.ts'
import { besideClient } from '../../src/sources/consul-beside.ts'
import { consulSource } from '../../src/sources/consul.ts'
import { liveSource } from '../../src/sources/live.ts'
import type { Commands } from '../../src/sources/node.ts'
import { spawn } from '../../src/sources/spawn.ts'
import { quick, serve } from './server.ts'

const node = '11111111-2222-3333-4444-555555555555'
const here: Commands = { run: (_, argv, options) => spawn(argv, options) }

describe('the live source', () => {
  it('sends each request to the source of its kind, and runs commands where the agent says it is', async () => {
    const consulServer = await serve((_, response) => response.end('{"Config":{}}'))
    const server = await serve((request, response) => {
      if (request.url === '/v1/agent/self') response.end(JSON.stringify({ stats: { client: { node_id: node } } }))
      else
        response.end(
          JSON.stringify({ HTTPAddr: '127.0.0.1:1', Name: 'n', Attributes: { 'unique.hostname': hostname() } }),
        )
    })
    const live = liveSource({ nomad: server.endpoint, consul: consulServer.endpoint, sudo: false, http: quick })
    expect(await live.ask(nomad.node(node))).toMatchObject({ status: 200 })
    expect(await live.ask(consul.agent())).toMatchObject({ status: 200, body: '{"Config":{}}' })
    expect(await live.ask({ via: 'node', node, argv: ['ls', '-d', '/'] })).toMatchObject({ status: 0, body: '/\n' })
    const elsewhere = '99999999-2222-3333-4444-555555555555'
    expect((await live.ask({ via: 'node', node: elsewhere, argv: ['uname', '-a'] })).refusal?.detail).toContain('--ssh')
    expect((await live.ask({ via: 'file', path: '/no/such/file' })).status).toBe(1)
    await live.close()
  })
  it('does nothing that needs consent when nobody was asked', async () => {
    const { endpoint, seen } = await serve((_, response) => response.end('{}'))
    const live = liveSource({ nomad: endpoint, consul: null, sudo: false, http: quick })
    const connect = { proto: 'tcp', host: '127.0.0.1', port: 1 } as const
    const requests: Request[] = [
      { via: 'task', alloc: 'a', task: 't', argv: ['env'] },
      { via: 'task', alloc: 'a', task: 't', connect },
      { via: 'node', node: 'localhost', connect },
      { via: 'netns', node: 'localhost', alloc: 'a', connect },
      { via: 'node', node: 'localhost', argv: ['getent', 'hosts', 'x'] },
    ]
    for (const request of requests) expect((await live.ask(request)).refusal?.detail).toContain('consent')
    expect((await live.ask(consul.agent())).refusal?.why).toBe('not-asked')
    expect(seen).toEqual([])
    await live.close()
  })
})

describe('Consul', () => {
  it('is asked with token, namespace and datacenter, and only read', async () => {
    const { endpoint, seen } = await serve((_, response) => response.end('{}'))
    const source = consulSource({ ...endpoint, token: 't', namespace: 'n s', datacenter: 'dc2' }, null, quick)
    const spelt = [
      consul.agent(),
      consul.members(),
      consul.catalogServices(),
      consul.catalogNodes(),
      consul.catalog('a/b'),
      consul.health('x'),
      consul.connect('x'),
      consul.intentions(),
      consul.entries('service-defaults'),
    ]
    for (const request of spelt) expect(await source.ask(request)).toMatchObject({ status: 200 })
    expect(seen[0]?.headers['x-consul-token']).toBe('t')
    expect(seen[0]?.url).toBe('/v1/agent/self?ns=n%20s&dc=dc2')
    const before = seen.length
    for (const path of [
      '/v1/kv/secret',
      '/v1/agent/leave',
      '/v1/agent/maintenance',
      '/v1/acl/tokens',
      '/v1/snapshot',
      '/v1/health/service/x?index=3',
      '/v1/config/../kv/x',
    ])
      expect((await source.ask({ via: 'consul', path })).refusal?.why).toBe('not-asked')
    expect(seen).toHaveLength(before)
    await source.close()
  })
  it('of a client is asked from that client, the token going in through standard input', async () => {
    const ran: { argv: readonly string[]; input: string | undefined }[] = []
    const on: Commands = {
      run: async (_, argv, options) => {
        ran.push({ argv, input: options?.input })
        return { at: '', ms: 1, status: 0, body: '{"Config":{}}\n\n200' }
      },
    }
    const { endpoint } = await serve((_, response) => response.end())
    const source = consulSource({ ...endpoint, token: 'secret' }, on, quick)
    expect(await source.ask(consul.nodeAgent(node))).toMatchObject({ status: 200, body: '{"Config":{}}\n' })
    expect(ran[0]?.argv.join(' ')).not.toContain('secret')
    expect(ran[0]?.argv.at(-1)).toBe('http://127.0.0.1:8500/v1/agent/self')
    expect(ran[0]?.input).toBe('x-consul-token: secret\n')
    await source.close()
    const without = consulSource(endpoint, null, quick)
    expect((await without.ask(consul.nodeAgent(node))).refusal?.why).toBe('not-asked')
    await without.close()
  })
  it('that nobody named is asked beside a client, not on this machine', async () => {
    const nodes = ['down', 'aaaa', 'bbbb'].map((ID) => ({ ID, Status: ID === 'down' ? 'down' : 'ready' }))
    const servers: Ask = () => Promise.resolve({ at: '', ms: 1, status: 200, body: JSON.stringify(nodes) })
    const asked: string[] = []
    const near = (answers: Readonly<Record<string, Partial<Reply>>>) =>
      besideClient(
        {
          ask: async (request) => {
            const where = 'node' in request && request.node !== undefined ? request.node : 'here'
            asked.push(where)
            return { at: '', ms: 1, status: -1, body: where, ...answers[where] }
          },
          close: () => Promise.resolve(),
        },
        servers,
      )
    expect((await near({ bbbb: { status: 200 } }).ask(consul.agent())).body).toBe('bbbb')
    expect(asked).toEqual(['aaaa', 'bbbb', 'bbbb'])
    // Nobody listens on the clients: so it is in this cluster, whatever listens here.
    expect((await near({ here: { status: 200 } }).ask(consul.agent())).body).toBe('aaaa')
    const refusal = { why: 'not-asked', detail: '' } as const
    expect((await near({ aaaa: { refusal }, bbbb: { refusal } }).ask(consul.agent())).body).toBe('here')
  })
  it('that does not listen on the client is no answer', async () => {
    const { endpoint } = await serve((_, response) => response.end())
    const on: Commands = {
      run: (_, argv, options) => here.run('', [...argv.slice(0, -1), 'http://127.0.0.1:1/'], options),
    }
    const source = consulSource({ ...endpoint, token: 't' }, on, quick)
    const reply = await source.ask(consul.nodeAgent(node))
    expect(reply).toMatchObject({ status: -1, body: '' })
    expect(reply.stderr).not.toBe('')
    await source.close()
  })
})
