import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nomad } from '../../src/ask/nomad.ts'
import { refusalOf } from '../../src/ask/refusal.ts'
import { nomadSource } from '../../src/sources/nomad.ts'
import { impatient, quick, serve } from './server.ts'
import { once, whyOf } from './once.ts'

describe('a request', () => {
  it('that is refused without a token says that there is none', async () => {
    const { endpoint } = await serve((_, response) => response.writeHead(403).end('Permission denied'))
    expect((await once(endpoint)).refusal?.detail).toMatch(/no token is set .*needs node:read/)
  })
  it('that is refused with a token the servers do not know says so, and not what it lacks', async () => {
    const { endpoint } = await serve((_, response) => response.writeHead(403).end('Permission denied'))
    const refused = await once({ ...endpoint, token: 't' })
    expect(refused.refusal?.detail).toMatch(/do not know this token, or it has expired.*needs node:read/)
    const { endpoint: knows } = await serve(({ url = '' }, response) =>
      response.writeHead(url.startsWith('/v1/acl/token/self') ? 200 : 403).end('Permission denied'),
    )
    expect((await once({ ...knows, token: 't' })).refusal).toBeUndefined()
    // A workload's identity may ask, and is in no list of tokens; what is no token at all fails to be read.
    const self = (status: number, body: string) =>
      serve(({ url = '' }, response) =>
        url.startsWith('/v1/acl/token/self')
          ? response.writeHead(status).end(body)
          : response.writeHead(403).end('Permission denied'),
      )
    const { endpoint: identity } = await self(404, 'ACL token not found')
    expect((await once({ ...identity, token: 'eyJ' })).refusal).toBeUndefined()
    const { endpoint: unread } = await self(
      500,
      'failed to parse signed token: compact JWS format must have three parts',
    )
    expect((await once({ ...unread, token: 'typo' })).refusal?.detail).toContain('do not know this token')
    const { endpoint: down } = await self(500, 'No cluster leader')
    expect((await once({ ...down, token: 't' })).refusal).toBeUndefined()
  })
  it('goes out with token, basic authentication, region and namespace, and comes back with time and body', async () => {
    const { endpoint, seen } = await serve((_, response) => response.end('[{"ünï":1}]'))
    const more = { ...endpoint, token: 's3cret', auth: 'me:pw', region: 'eu 1', namespace: 'prod' }
    const before = Date.now()
    const reply = await once(more)
    expect(reply).toMatchObject({ status: 200, body: '[{"ünï":1}]' })
    expect(Date.parse(reply.at)).toBeGreaterThanOrEqual(before)
    expect(Date.parse(reply.at)).toBeLessThanOrEqual(Date.now())
    expect(seen[0]?.headers).toMatchObject({ 'x-nomad-token': 's3cret', authorization: 'Basic bWU6cHc=' })
    expect(seen[0]?.url).toBe('/v1/nodes?resources=true&os=true&region=eu%201')
    // Lists are asked in the user's namespace; a thing without a namespace is in the default one.
    await once(more, nomad.jobs())
    await once(more, nomad.allJobs())
    await once(more, nomad.job('w'))
    await once(more, nomad.job('w', 'dev'))
    expect(seen.slice(1).map(({ url }) => url)).toEqual([
      '/v1/jobs?meta=true&region=eu%201&namespace=prod',
      '/v1/jobs?meta=true&namespace=*&region=eu%201',
      '/v1/job/w?region=eu%201',
      '/v1/job/w?namespace=dev&region=eu%201',
    ])
  })
  it('goes through a unix socket', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'nd-'))
    const { endpoint } = await serve((_, response) => response.end('sock'), undefined, join(dir, 'a.sock'))
    expect(await once(endpoint)).toMatchObject({ status: 200, body: 'sock' })
    expect(whyOf(await once({ ...endpoint, socketPath: join(dir, 'none.sock') }))).toBe('offline')
    await rm(dir, { recursive: true })
  })
  it('never shows the secret of the token', async () => {
    const { endpoint } = await serve((_, response) =>
      response.end('{"AccessorID":"a","SecretID": "top-secret","Name":"n"}'),
    )
    expect((await once(endpoint, nomad.token())).body).toBe(
      '{"AccessorID":"a","SecretID": "00000000-0000-0000-0000-000000000000","Name":"n"}',
    )
  })
  it('may plan a job, which changes nothing', async () => {
    let got = ''
    const { endpoint, seen } = await serve((request, response) => {
      request.on('data', (chunk: Buffer) => (got += chunk.toString()))
      request.on('end', () => response.end('{}'))
    })
    expect(await once(endpoint, nomad.plan('w', { ID: 'w' }))).toMatchObject({ status: 200 })
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/v1/job/w/plan' })
    expect(JSON.parse(got)).toEqual({ Job: { ID: 'w' }, Diff: true })
  })
})

describe('what the world refuses is a reply', () => {
  it('tells refused connections and unknown hosts', async () => {
    const { endpoint, server } = await serve(() => {})
    server.close()
    const reply = await once(endpoint)
    expect(reply).toMatchObject({ status: -1, body: '' })
    expect(reply.stderr).toContain('connection refused')
    expect(whyOf(reply)).toBe('offline')
    expect(whyOf(await once({ ...endpoint, origin: 'http://no-such-host.invalid:1' }))).toBe('offline')
  })
  it('waits less for a server that has just been silent, until it speaks again', async () => {
    let speaks = false
    const { endpoint } = await serve((_, response) => (speaks ? void response.end('[]') : undefined))
    const source = nomadSource(endpoint, { patience: { ...impatient, headers: 5000, total: 30_000 }, pause: 1 })
    const waited = async () => (await source.ask(nomad.nodes())).ms
    expect(await waited()).toBeGreaterThan(4000)
    expect(await waited()).toBeLessThan(4000)
    speaks = true
    await waited()
    speaks = false
    expect(await waited()).toBeGreaterThan(4000)
    await source.close()
  })
  it('tells each kind of time-out', async () => {
    const silent = await serve(() => {})
    const stopping = await serve((_, response) => {
      response.write('[')
      response.flushHeaders()
    })
    for (const { endpoint } of [silent, stopping]) {
      const reply = await once(endpoint, nomad.nodes(), { patience: impatient, pause: 1 })
      expect(reply.stderr).toContain('timed out')
      expect(whyOf(reply)).toBe('timed-out')
    }
    const dripping = await serve((_, response) => {
      const timer = setInterval(() => response.write(' '), 50)
      response.on('close', () => clearInterval(timer))
    })
    const reply = await once(dripping.endpoint, nomad.nodes(), { patience: { ...impatient, total: 400 }, pause: 1 })
    expect(whyOf(reply)).toBe('timed-out')
  })
  it.each([
    [403, 'Permission denied', 'denied', 'HTTP 403: Permission denied: the token lacks node:read'],
    [404, 'node not found', 'not-found', 'HTTP 404: node not found'],
    [404, 'No path to node', 'offline', 'HTTP 404: No path to node'],
    [500, 'No cluster leader', 'offline', 'HTTP 500: No cluster leader'],
    [500, 'rpc error: \u001B[31mboom', 'failed', 'HTTP 500: rpc error: \u001B[31mboom'],
    [301, '', 'failed', 'HTTP 301'],
  ])('HTTP %d %s', async (status, body, why, detail) => {
    const { endpoint, seen } = await serve(({ url = '' }, response) =>
      response.writeHead(url.startsWith('/v1/acl/token/self') ? 200 : status).end(body),
    )
    const reply = await once({ ...endpoint, token: 't' })
    expect(refusalOf(nomad.nodes(), reply)).toEqual({ why, detail })
    expect(seen.filter(({ url }) => url?.startsWith('/v1/nodes'))).toHaveLength(1)
  })
  it('asks once more after a passing trouble, but never a POST', async () => {
    let times = 0
    const { endpoint } = await serve((_, response) => {
      times += 1
      response.writeHead(times === 1 ? 503 : 200).end('ok')
    })
    expect(await once(endpoint)).toMatchObject({ status: 200 })
    times = 0
    expect(await once(endpoint, nomad.plan('w', {}))).toMatchObject({ status: 503 })
    expect(times).toBe(1)
    const breaking = await serve((request) => request.socket.destroy())
    expect(whyOf(await once(breaking.endpoint))).toBe('failed')
    expect(breaking.seen).toHaveLength(2)
  })
  it('does not read an endless answer', async () => {
    const { endpoint } = await serve((_, response) => response.end('x'.repeat(3 << 20)))
    const reply = await once(endpoint, nomad.nodes(), { ...quick, most: 1 << 20 })
    expect(reply.refusal).toEqual({ why: 'unsupported', detail: 'the answer is larger than 1 MiB: not read' })
    expect(reply.body).toBe('')
  })
  it('asks no more than a few questions at a time', async () => {
    let now = 0
    let most = 0
    const { endpoint } = await serve((_, response) => {
      most = Math.max(most, (now += 1))
      setTimeout(() => {
        now -= 1
        response.end('{}')
      }, 10)
    })
    const source = nomadSource(endpoint, { ...quick, connections: 3 })
    await Promise.all(Array.from({ length: 12 }, (_, i) => source.ask(nomad.job(`j${i}`))))
    await source.close()
    expect(most).toBe(3)
  })
})
