import { describe, expect, it } from 'vitest'
import { nomad } from '../../src/ask/nomad.ts'
import { nomadSource } from '../../src/sources/nomad.ts'
import { certificate } from './certificate.ts'
import { quick, serve } from './server.ts'
import { node, once, whyOf } from './once.ts'

describe('TLS', () => {
  it('trusts the given authority, and nothing else', async () => {
    const own = certificate()
    const { endpoint } = await serve((_, response) => response.end('tls'), own)
    expect(await once({ ...endpoint, tls: { ca: [own.cert] } })).toMatchObject({ status: 200, body: 'tls' })
    expect(await once({ ...endpoint, tls: { skipVerify: true } })).toMatchObject({ status: 200 })
    const stranger = await once({ ...endpoint, tls: { ca: [certificate().cert] } })
    expect(stranger.status).toBe(-1)
    expect(stranger.stderr).toMatch(/SELF_SIGNED|self.signed|signature/i)
    expect(whyOf(stranger)).toBe('failed')
  })
  it('says that a certificate expired, or is for another name', async () => {
    const old = certificate([], 0.5)
    const expired = await serve((_, response) => response.end(), old)
    const reply = await once({ ...expired.endpoint, tls: { ca: [old.cert] } })
    expect(reply.stderr).toContain('certificate has expired')
    expect(whyOf(reply)).toBe('failed')
    const own = certificate(['server.global.nomad'])
    const { endpoint } = await serve((_, response) => response.end(), own)
    expect(await once({ ...endpoint, tls: { ca: [own.cert], serverName: 'server.global.nomad' } })).toMatchObject({
      status: 200,
    })
    expect((await once({ ...endpoint, tls: { ca: [own.cert], serverName: 'other' } })).stderr).toMatch(
      /ALTNAME|does not match/,
    )
  })
  it('shows a client certificate', async () => {
    const own = certificate()
    const client = certificate()
    const { endpoint } = await serve((_, response) => response.end('known'), {
      ...own,
      requestCert: true,
      rejectUnauthorized: true,
      ca: [client.cert],
    })
    expect(await once({ ...endpoint, tls: { ca: [own.cert], ...client } })).toMatchObject({ status: 200 })
    expect((await once({ ...endpoint, tls: { ca: [own.cert] } })).status).toBe(-1)
  })
  it('says when the other side does not speak TLS', async () => {
    const { endpoint } = await serve((_, response) => response.end())
    const reply = await once({ ...endpoint, origin: endpoint.origin.replace('http:', 'https:') })
    expect(reply.stderr).toMatch(/SSL|wrong version|EPROTO/i)
    expect(whyOf(reply)).toBe('failed')
  })
})

describe('a request to a client', () => {
  it('goes to the address the servers know, with the same token', async () => {
    const client = await serve((_, response) => response.end('{"member":{}}'))
    const server = await serve((_, response) =>
      response.end(JSON.stringify({ HTTPAddr: `127.0.0.1:${client.port}`, TLSEnabled: false })),
    )
    const source = nomadSource({ ...server.endpoint, token: 't' }, quick)
    await source.ask(nomad.nodeAgent(node))
    expect(await source.ask(nomad.nodeAgent(node))).toMatchObject({ status: 200, body: '{"member":{}}' })
    await source.close()
    expect(server.seen.map(({ url }) => url)).toEqual([`/v1/node/${node}`])
    expect(client.seen.map(({ url, headers }) => [url, headers['x-nomad-token']])).toEqual([
      ['/v1/agent/self', 't'],
      ['/v1/agent/self', 't'],
    ])
  })
  it('checks the name of its role over TLS', async () => {
    const own = certificate(['client.eu.nomad'])
    const client = await serve((_, response) => response.end('{}'), own)
    const server = await serve((_, response) =>
      response.end(JSON.stringify({ HTTPAddr: `127.0.0.1:${client.port}`, TLSEnabled: true })),
    )
    expect(
      await once({ ...server.endpoint, region: 'eu', tls: { ca: [own.cert] } }, nomad.nodeAgent(node)),
    ).toMatchObject({ status: 200 })
    expect((await once({ ...server.endpoint, tls: { ca: [own.cert] } }, nomad.nodeAgent(node))).status).toBe(-1)
  })
  it('says why its address is not known', async () => {
    const denied = await serve((_, response) => response.writeHead(403).end('Permission denied'))
    expect((await once(denied.endpoint, nomad.nodeAgent(node))).refusal).toMatchObject({
      why: 'denied',
      detail: expect.stringContaining('node:read') as string,
    })
    for (const body of ['{}', 'not json', '{"HTTPAddr":"evil.example/?x=:80"}', '{"HTTPAddr":""}']) {
      const odd = await serve((_, response) => response.end(body))
      expect((await once(odd.endpoint, nomad.nodeAgent(node))).refusal?.why).toBe('not-found')
    }
  })
})
