import { describe, expect, it } from 'vitest'
import type { Held } from '../../src/knowledge/fact.ts'
import { consulProbes } from '../../src/probes/consul/index.ts'
import { asking, body, json, refused, run, thing } from './ask.ts'

const probe = (id: string) => {
  const found = consulProbes.find((one) => one.id === id)
  if (!found) throw new Error(`no probe ${id}`)
  return found
}
const value = (held: Held<unknown> | undefined) => (held?.known ? held.value : held)
const cluster = thing('cluster')
const names = { node: 'n1', nodeName: 'c1', address: '10.0.0.11', service: 'orders-api' }
const nobody = { 'every.node.consul.fingerprinted': [{ about: 'node:c1', id: 'node:n1', value: false }] }

const self = (debug: object) => ({
  Config: { Version: '1.20.0', Datacenter: 'dc1' },
  DebugConfig: debug,
  xDS: { SupportedProxies: { envoy: ['1.33.2'] } },
})
const settings = async (debug: object) =>
  value(
    (await run(probe('consul-agent'), cluster, asking({ 'consul GET /v1/agent/self': json(self(debug)) })))[
      'cluster.consul.settings'
    ],
  )
const protocols = async (proxies: unknown) =>
  value(
    (
      await run(
        probe('consul-protocols'),
        cluster,
        asking({
          'consul GET /v1/config/service-defaults': json([{ Name: 'web', Protocol: 'http' }, { Name: 'db' }]),
          'consul GET /v1/config/proxy-defaults': json(proxies),
        }),
      )
    )['cluster.consul.protocols'],
  )

describe('probes over the Consul API', () => {
  it('reads version, catalogue and intentions', async () => {
    const ask = asking({
      'consul GET /v1/agent/self': json({ Config: { Version: '1.8.7' } }),
      'consul GET /v1/catalog/services': json({ consul: [], redis: ['a'] }),
      'consul GET /v1/connect/intentions': json([
        { SourceName: '*', DestinationName: 'db', Action: 'allow', Precedence: 8 },
        { SourceName: 'web', DestinationName: 'db', Action: '', Permissions: [{}], Precedence: 9 },
      ]),
    })
    expect(value((await run(probe('consul-agent'), cluster, ask))['cluster.consul.version'])).toBe('1.8.7')
    expect(value((await run(probe('consul-catalogue'), cluster, ask))['cluster.consul.services'])).toEqual([
      'consul',
      'redis',
    ])
    expect(value((await run(probe('consul-intentions'), cluster, ask))['cluster.consul.intentions'])).toEqual([
      { source: 'web', destination: 'db', action: 'l7', precedence: 9 },
      { source: '*', destination: 'db', action: 'allow', precedence: 8 },
    ])
  })

  it('reads settings, also as newer versions tell them', async () => {
    expect(
      await settings({
        ACLsEnabled: true,
        ACLResolverSettings: { ACLDefaultPolicy: 'deny' },
        GRPCPort: 8502,
        GRPCTLSPort: 8503,
        DNSPort: 8600,
        DNSRecursors: ['10.0.0.2'],
      }),
    ).toEqual({
      version: '1.20.0',
      datacenter: 'dc1',
      acls: true,
      defaultPolicy: 'deny',
      grpcPort: 8502,
      grpcTlsPort: 8503,
      dnsPort: 8600,
      recursors: ['10.0.0.2'],
      envoy: ['1.33.2'],
    })
    expect(await settings({ ACLsEnabled: false, ACLDefaultPolicy: 'deny' })).toMatchObject({
      acls: false,
      defaultPolicy: 'allow',
      grpcPort: -1,
    })
  })

  it('reads the protocols of services', async () => {
    expect(await protocols([])).toEqual({ '*': 'tcp', web: 'http' })
    expect(await protocols([{ Name: 'global', Config: { protocol: 'grpc' } }])).toEqual({ '*': 'grpc', web: 'http' })
  })

  it('reads the instances of a service, passing or not', async () => {
    const entry = {
      Node: { Node: 'c1', Address: '10.0.0.11' },
      Service: {
        ID: 'id',
        Service: 'orders-api',
        Address: '',
        Port: 9000,
        Tags: null,
        Meta: { a: 'b' },
        Kind: 'connect-proxy',
        Proxy: { DestinationServiceName: 'orders' },
      },
      Checks: [{ CheckID: 'serfHealth', Name: 'Serf', Type: '', Status: 'critical', Output: 'gone' }],
    }
    const found = await run(
      probe('service-health'),
      thing('service', names),
      asking({ 'consul GET /v1/health/service/orders-api': json([entry]) }),
    )
    expect(value(found['service.consul'])).toEqual([
      {
        id: 'id',
        service: 'orders-api',
        node: 'c1',
        nodeAddress: '10.0.0.11',
        address: '',
        port: 9000,
        tags: [],
        meta: { a: 'b' },
        kind: 'connect-proxy',
        proxyFor: 'orders',
        checks: [{ id: 'serfHealth', name: 'Serf', type: '', status: 'critical', output: 'gone' }],
      },
    ])
  })

  it('knows no instance of a name that the catalogue does not have', async () => {
    const one = thing('service', names)
    expect(
      value(
        (await run(probe('service-health'), one, asking({ 'consul GET /v1/catalog/services': json({ redis: [] }) })))[
          'service.consul'
        ],
      ),
    ).toEqual([])
    const listed = asking({ 'consul GET /v1/catalog/services': json({ 'orders-api': [] }) })
    expect((await run(probe('service-health'), one, listed))['service.consul']).toMatchObject({
      known: false,
      why: 'not-recorded',
    })
  })

  it("joins services of the client's agent with its checks, which have the output", async () => {
    const ask = asking({
      'consul GET /v1/agent/services @n1': json({
        s1: { ID: 's1', Service: 'orders', Address: '10.0.0.11', Port: 25000 },
      }),
      'consul GET /v1/agent/checks @n1': json({
        k: {
          Node: 'c1',
          CheckID: 'k',
          Name: 'up',
          Status: 'critical',
          Output: 'dial tcp :8080: connect: connection refused',
          ServiceID: 's1',
          Type: 'http',
        },
      }),
    })
    const found = await run(probe('node-consul-services'), thing('node', names), ask)
    expect(value(found['node.consul.services'])).toMatchObject([
      {
        id: 's1',
        node: 'c1',
        nodeAddress: '10.0.0.11',
        checks: [{ status: 'critical', output: 'dial tcp :8080: connect: connection refused' }],
      },
    ])
  })
})

const present = async (reply: ReturnType<typeof body>, given: object = nobody) =>
  value(
    (await run(probe('consul-presence'), cluster, () => Promise.resolve(reply), given as never))[
      'cluster.consul.present'
    ],
  )

describe('whether the cluster has Consul', () => {
  it('does not hang on one reply', async () => {
    const ask = asking({ 'consul GET /v1/catalog/services': json({}) })
    const found = await run(probe('consul-presence'), cluster, ask, nobody)
    expect(value(found['cluster.consul.present'])).toBe(true)
  })

  it('is told by its API, by a refused token, or by a client', async () => {
    expect(await present(json({ Config: {} }))).toBe(true)
    expect(await present(refused(403, 'Permission denied'))).toBe(true)
    expect(
      await present(refused(-1, 'connection refused'), {
        'every.node.consul.fingerprinted': [{ about: 'node:c1', id: 'node:n1', value: true }],
      }),
    ).toBe(true)
    expect(await present(refused(-1, 'connection refused'))).toBe(false)
    expect(await present(refused(-1, 'timed out'))).toMatchObject({ known: false, why: 'timed-out' })
  })
})

const refusals = [
  ['a token without the right', refused(403, 'Permission denied'), 'denied'],
  ['an agent that is away', refused(-1, 'curl: (7) Failed to connect'), 'offline'],
  ['an error', refused(500, 'rpc error'), 'failed'],
  ['a page of a proxy', body('<html>'), 'failed'],
  ['a reply that is cut short', body('{"Config":{"Ver'), 'failed'],
  ['another shape', body('"x"'), 'failed'],
] as const

/** For these a refusal is the answer. */
const reachable = ['consul-presence', 'node-consul-answers']

describe.each(consulProbes.filter(({ id }) => !reachable.includes(id)).map((one) => [one.id, one] as const))(
  '%s',
  (_, one) => {
    it.each(refusals)('%s leaves its facts unknown, with the reason', async (__, reply, why) => {
      const found = await run(one, thing(one.about, names), () => Promise.resolve(reply))
      for (const held of Object.values(found)) expect(held).toMatchObject({ known: false, why })
    })
  },
)
