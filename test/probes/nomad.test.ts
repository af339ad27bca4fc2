import { describe, expect, it } from 'vitest'
import { asking, body, json, refused, run } from './ask.ts'
import { rows } from './nomad-rows.ts'
import { alloc, cluster, given, job, node, parsedJob, probe, value } from './nomad-things.ts'

const path = (task: string, type: string) =>
  `GET /v1/client/fs/logs/a1?offset=20000&origin=end&plain=true&task=${task}&type=${type}`

describe('probes over the Nomad API', () => {
  it.each(rows)('%s reads its facts', async (id, on, answers, facts) => {
    const found = await run(probe(id), on, asking(answers), given)
    expect(Object.fromEntries(Object.entries(found).map(([key, held]) => [key, value(held)]))).toEqual(facts)
  })

  it('reads a client: modes where the scheduler looks for them, addresses where ports do', async () => {
    const document = {
      ID: 'n1',
      Name: 'c1',
      Status: 'ready',
      SchedulingEligibility: 'ineligible',
      Drain: true,
      Datacenter: 'dc1',
      HTTPAddr: '10.0.0.11:4646',
      Attributes: { 'nomad.version': '2.0.5' },
      Meta: null,
      Drivers: null,
      HostNetworks: { public: { Name: 'public', CIDR: '192.0.2.0/24', Interface: '', ReservedPorts: '' } },
      NodeResources: {
        Networks: [{ Mode: 'cni/a' }, { Mode: 'cni/b' }],
        NodeNetworks: [{ Mode: 'cni/b', Addresses: null }],
      },
      ReservedResources: { Networks: { ReservedHostPorts: '22,8000-8100' } },
    }
    const found = await run(probe('node-document'), node, asking({ 'GET /v1/node/n1': json(document) }))
    expect(value(found['node.document'])).toMatchObject({
      eligible: false,
      draining: true,
      version: '2.0.5',
      modes: ['cni/a', 'cni/b'],
      networks: [{ mode: 'cni/b', addresses: [] }],
      dynamicPorts: { min: 20000, max: 32000 },
      reservedPorts: '22,8000-8100',
      hostNetworks: [{ name: 'public', cidr: '192.0.2.0/24' }],
    })
  })

  it('reads older versions of a job, newest first, without the one that counts now', async () => {
    const versions = { Versions: [3, 1, 2].map((Version) => ({ ...parsedJob, Version })) }
    const found = await run(
      probe('job-versions'),
      job,
      asking({ 'GET /v1/job/orders-api/versions': json(versions) }),
      given,
    )
    expect((value(found['job.versions']) as readonly { version: number }[]).map(({ version }) => version)).toEqual([
      2, 1,
    ])
  })

  it('lists jobs of all namespaces, and of one where that is refused', async () => {
    const all = json([{ ID: 'web', Namespace: 'platform' }])
    const one = json([{ ID: 'web', Namespace: 'default' }])
    const both = { 'GET /v1/jobs?meta=true&namespace=*': all, 'GET /v1/jobs?meta=true': one }
    expect(value((await run(probe('jobs'), cluster, asking(both)))['cluster.jobs'])).toMatchObject([
      { namespace: 'platform' },
    ])
    const limited = { ...both, 'GET /v1/jobs?meta=true&namespace=*': refused(403, 'Permission denied') }
    expect(value((await run(probe('jobs'), cluster, asking(limited)))['cluster.jobs'])).toMatchObject([
      { namespace: 'default' },
    ])
  })

  it('says whether the own namespace is among those listed: a token without a right there gets a shorter list', async () => {
    const all = { 'GET /v1/jobs?meta=true&namespace=*': json([]) }
    const denied = { ...all, 'GET /v1/jobs?per_page=1': refused(403, 'Permission denied') }
    const found = await run(probe('jobs'), cluster, asking(denied))
    expect(value(found['cluster.jobs'])).toEqual([])
    expect(found['cluster.own-jobs']).toMatchObject({ known: false, why: 'denied' })
    const allowed = { ...all, 'GET /v1/jobs?per_page=1': json([]) }
    expect(value((await run(probe('jobs'), cluster, asking(allowed)))['cluster.own-jobs'])).toBe(true)
  })

  it('keeps the secret of the token out of the evidence', async () => {
    const token = { AccessorID: 'x', SecretID: 'very-secret', Name: 'oncall', Type: 'client', Policies: ['oncall'] }
    const found = await run(probe('acl-token'), cluster, asking({ 'GET /v1/acl/token/self': json(token) }))
    expect(value(found['cluster.acl'])).toEqual({ enabled: true, token: 'oncall', policies: ['oncall'] })
    expect(JSON.stringify(found)).not.toContain('very-secret')
  })

  it('takes the older answer to a disabled ACL for what it is', async () => {
    const found = await run(
      probe('acl-token'),
      cluster,
      asking({ 'GET /v1/acl/token/self': refused(400, 'ACL support disabled') }),
    )
    expect(value(found['cluster.acl'])).toMatchObject({ enabled: false })
  })

  it('leaves a task out that has not started, and knows no output when one is refused', async () => {
    const waiting = refused(404, 'task "init" not started yet. No logs available')
    const answers = {
      [path('server', 'stdout')]: body('ready\n'),
      [path('server', 'stderr')]: body(''),
      [path('init', 'stdout')]: waiting,
      [path('init', 'stderr')]: waiting,
    }
    const logs = async (changed: object) =>
      (await run(probe('allocation-logs'), alloc, asking({ ...answers, ...changed }), given))['alloc.logs']
    expect(value(await logs({}))).toEqual({ server: { stdout: 'ready\n', stderr: '' } })
    expect(await logs({ [path('server', 'stderr')]: refused(500, 'Permission denied') })).toMatchObject({
      known: false,
      why: 'denied',
    })
  })
})
