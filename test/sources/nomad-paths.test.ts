import { describe, expect, it } from 'vitest'
import { nomad } from '../../src/ask/nomad.ts'
import type { Request } from '../../src/ask/request.ts'
import { nomadSource } from '../../src/sources/nomad.ts'
import { quick, serve } from './server.ts'
import { once } from './once.ts'

describe('what is refused before it is sent', () => {
  const forbidden: Request[] = [
    '/v1/client/gc',
    '/v1/client/allocation/x/gc',
    '/v1/client/allocation/x/exec',
    '/v1/system/gc',
    '/v1/var/secret/path',
    '/v1/vars',
    '/v1/acl/tokens',
    '/v1/acl/token/x',
    '/v1/operator/snapshot',
    '/v1/event/stream',
    '/v1/agent/monitor',
    '/v1/agent/pprof/goroutine',
    '/v1/client/fs/logs/x?task=t&follow=true',
    '/v1/nodes?index=5',
    '/v1/job/../client/gc',
    '/v1/job/a\r\nX: y',
    '//other.example/v1/nodes',
    'http://other.example/v1/nodes',
    '/v1/nodes#x',
    '/v2/nodes',
    '',
  ].map((path) => ({ via: 'nomad', path }))
  const posts: Request[] = ['/v1/jobs', '/v1/job/w', '/v1/job/w/dispatch', '/v1/node/x/drain', '/v1/nodes'].map(
    (path) => ({
      via: 'nomad',
      method: 'POST',
      path,
      body: {},
    }),
  )
  it.each([...forbidden, ...posts])('%j', async (request) => {
    const { endpoint, seen } = await serve((_, response) => response.end('{}'))
    expect((await once(endpoint, request)).refusal?.why).toBe('not-asked')
    expect(seen).toEqual([])
  })
  it('lets every request through that probes spell', async () => {
    const { endpoint } = await serve((_, response) => response.end('{}'))
    const source = nomadSource(endpoint, quick)
    const spelt = [
      nomad.nodes(),
      nomad.node('n'),
      nomad.nodeAllocations('n'),
      nomad.nodeMetadata('n'),
      nomad.agent(),
      nomad.leader(),
    ]
    spelt.push(
      nomad.members(),
      nomad.regions(),
      nomad.namespaces(),
      nomad.token(),
      nomad.scheduler(),
      nomad.jobs(),
      nomad.allJobs(),
    )
    spelt.push(
      nomad.job('a/b c', 'x'),
      nomad.jobVersions('j'),
      nomad.jobSummary('j'),
      nomad.jobDeployments('j'),
      nomad.jobAllocations('j'),
    )
    spelt.push(
      nomad.jobEvaluations('j'),
      nomad.jobServices('j'),
      nomad.submission('j', 0),
      nomad.plan('j', {}),
      nomad.evaluations(),
    )
    spelt.push(
      nomad.allocations(),
      nomad.allocation('a'),
      nomad.allocationServices('a', 'p'),
      nomad.allocationChecks('a'),
      nomad.files('a', '/'),
    )
    spelt.push(nomad.file('a', 'alloc/x'), nomad.logs('a', 't', 'stdout'), nomad.services(), nomad.service('s', 'p'))
    spelt.push(
      { via: 'nomad', path: '/v1/node/pools' },
      { via: 'nomad', path: '/v1/client/allocation/x/checks' },
      { via: 'nomad', path: '/v1/client/stats?node_id=x' },
    )
    spelt.push(
      { via: 'nomad', path: '/v1/jobs/parse', method: 'POST', body: {} },
      { via: 'nomad', path: '/v1/validate/job', method: 'POST', body: {} },
    )
    for (const request of spelt) expect(await source.ask(request)).toMatchObject({ status: 200 })
    await source.close()
  })
})
