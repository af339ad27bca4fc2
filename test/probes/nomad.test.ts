import { describe, expect, it } from 'vitest'
import type { Held } from '../../src/knowledge/fact.ts'
import type { Thing } from '../../src/knowledge/things.ts'
import { nomadProbes } from '../../src/probes/nomad/index.ts'
import { asking, body, json, refused, run, thing } from './ask.ts'

const probe = (id: string) => {
  const found = nomadProbes.find((one) => one.id === id)
  if (!found) throw new Error(`no probe ${id}`)
  return found
}
const value = (held: Held<unknown> | undefined) => (held?.known ? held.value : held)

const cluster = thing('cluster')
const node = thing('node', { node: 'n1', nodeName: 'c1' })
const job = thing('job', { job: 'orders-api' })
const elsewhere = thing('job', { job: 'orders-api', namespace: 'platform' })
const alloc = thing('alloc', { alloc: 'a1', job: 'orders-api', namespace: 'default' })
const service = thing('service', { service: 'orders-api' })
const spec = { id: 'orders-api', namespace: 'default', version: 3 }
const record = { id: 'a1', tasks: [{ name: 'server' }, { name: 'init' }] }
const given: Readonly<Record<string, unknown>> = { 'job.spec': spec, 'alloc.record': record }

const parsedJob = {
  ID: 'orders-api',
  Namespace: 'default',
  Type: 'service',
  TaskGroups: [{ Name: 'api', Count: 1, Tasks: null, Networks: null }],
}

/** One line per probe: what the API says, as recorded and cut down, and the facts it makes. */
const rows: readonly (readonly [string, Thing, Parameters<typeof asking>[0], Readonly<Record<string, unknown>>])[] = [
  ['leader', cluster, { 'GET /v1/status/leader': body('"10.0.0.10:4647"') }, { 'cluster.leader': '10.0.0.10:4647' }],
  [
    'agent',
    cluster,
    {
      'GET /v1/agent/self': json({
        config: { Region: 'global', Version: { Version: '2.0.5' } },
        member: { Tags: { build: '2.0.5' } },
      }),
    },
    { 'cluster.version': '2.0.5', 'cluster.region': 'global' },
  ],
  [
    'nodes',
    cluster,
    {
      'GET /v1/nodes?os=true&resources=true': json([
        {
          ID: 'n1',
          Name: 'c1',
          Address: '10.0.0.11',
          Status: 'ready',
          SchedulingEligibility: 'eligible',
          Datacenter: 'dc1',
          Version: '2.0.5',
          Drain: false,
          NodePool: 'default',
          NodeClass: '',
          Attributes: { 'os.name': 'debian' },
          Drivers: { docker: { Detected: true, Healthy: true }, qemu: { Detected: false, Healthy: false } },
          NodeResources: {
            MinDynamicPort: 20000,
            MaxDynamicPort: 20002,
            Networks: [{ Mode: 'bridge' }, { Mode: 'cni/lan' }, { Device: 'eth0', IP: '10.0.0.11' }],
            NodeNetworks: [
              { Addresses: null, Mode: 'bridge' },
              {
                Mode: 'host',
                Device: 'eth0',
                Addresses: [
                  { Address: '10.0.0.11', Alias: 'public' },
                  { Address: '10.0.0.11', Alias: 'default' },
                ],
              },
            ],
          },
        },
      ]),
    },
    {
      'cluster.nodes': [
        {
          id: 'n1',
          name: 'c1',
          status: 'ready',
          eligible: true,
          address: '10.0.0.11',
          datacenter: 'dc1',
          version: '2.0.5',
        },
      ],
      'cluster.offers': [
        {
          id: 'n1',
          name: 'c1',
          status: 'ready',
          eligible: true,
          draining: false,
          datacenter: 'dc1',
          nodePool: 'default',
          nodeClass: '',
          os: 'debian',
          modes: ['bridge', 'cni/lan', 'host'],
          hostNetworks: ['public', 'default'],
          dynamicPorts: { min: 20000, max: 20002 },
          reservedPorts: '',
          drivers: { docker: true },
        },
      ],
    },
  ],
  [
    'jobs',
    cluster,
    {
      'GET /v1/jobs?meta=true': json([
        { ID: 'web', Type: 'service', Status: 'running', JobSummary: { Namespace: 'default', Summary: { front: {} } } },
      ]),
    },
    { 'cluster.jobs': [{ id: 'web', namespace: 'default', type: 'service', status: 'running', groups: ['front'] }] },
  ],
  [
    'namespaces',
    cluster,
    { 'GET /v1/namespaces': json([{ Name: 'default' }, { Name: 'platform' }]) },
    { 'cluster.namespaces': ['default', 'platform'] },
  ],
  [
    'services',
    cluster,
    {
      'GET /v1/services?namespace=*': json([
        { Namespace: 'default', Services: [{ ServiceName: 'redis', Tags: [] }] },
      ]),
    },
    { 'cluster.services': [{ name: 'redis', namespace: 'default', tags: [] }] },
  ],
  [
    'acl-token',
    cluster,
    {
      'GET /v1/acl/token/self': json({
        AccessorID: 'acls-disabled',
        Name: 'ACLs disabled token',
        Type: 'client',
        Policies: null,
      }),
    },
    { 'cluster.acl': { enabled: false, token: 'ACLs disabled token', policies: [] } },
  ],
  ['node-allocations', node, { 'GET /v1/node/n1/allocations': json([]) }, { 'node.allocations': [] }],
  [
    'node-agent',
    node,
    { 'GET /v1/agent/self @n1': json({ config: { Client: { CNIPath: '/opt/cni/bin' } } }) },
    { 'node.agent': { Client: { CNIPath: '/opt/cni/bin' } } },
  ],
  [
    'job-source',
    job,
    { 'GET /v1/job/orders-api/submission?version=3': json({ Format: 'hcl2', Source: 'job "orders-api" {\n}\n' }) },
    { 'job.source': { text: 'job "orders-api" {\n}\n', format: 'hcl2', file: 'orders-api.nomad.hcl' } },
  ],
  [
    'job-deployment',
    job,
    {
      'GET /v1/job/orders-api/deployments': json([
        { CreateIndex: 3, Status: 'failed', StatusDescription: 'Failed' },
        { CreateIndex: 9, Status: 'running', StatusDescription: 'Deployment is running' },
      ]),
    },
    { 'job.deployment': { status: 'running', description: 'Deployment is running' } },
  ],
  ['allocation-checks', alloc, { 'GET /v1/allocation/a1/checks': body('null') }, { 'alloc.checks': [] }],
  [
    'allocation-services',
    alloc,
    {
      'GET /v1/job/orders-api/services': json([
        {
          ID: '1',
          ServiceName: 'orders',
          AllocID: 'a1',
          NodeID: 'n1',
          JobID: 'orders-api',
          Address: '',
          Port: 8080,
          Tags: null,
        },
        {
          ID: '2',
          ServiceName: 'orders',
          AllocID: 'a2',
          NodeID: 'n1',
          JobID: 'orders-api',
          Address: '10.0.0.1',
          Port: 25000,
          Tags: null,
        },
      ]),
    },
    {
      'alloc.services': [
        {
          id: '1',
          name: 'orders',
          namespace: 'default',
          alloc: 'a1',
          node: 'n1',
          job: 'orders-api',
          address: '',
          port: 8080,
          tags: [],
        },
      ],
    },
  ],
  ['service-rows', service, { 'GET /v1/service/orders-api': json([]) }, { 'service.rows': [] }],
  ['service-rows', service, { 'GET /v1/services?namespace=*': json([]) }, { 'service.rows': [] }],
]

describe('probes over the Nomad API', () => {
  it.each(rows.map((row) => [row[0], ...row.slice(1)] as const))(
    '%s reads its facts',
    async (id, on, answers, facts) => {
      const found = await run(probe(id as string), on as Thing, asking(answers as never), given)
      expect(Object.fromEntries(Object.entries(found).map(([key, held]) => [key, value(held)]))).toEqual(facts)
    },
  )

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
    const path = (task: string, type: string) =>
      `GET /v1/client/fs/logs/a1?offset=20000&origin=end&plain=true&task=${task}&type=${type}`
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

/** Replies that are no answer, and the reason each gives. */
const refusals = [
  ['a token without the right', refused(403, 'Permission denied'), 'denied'],
  ['a right that is missing behind a 500', refused(500, 'Permission denied'), 'denied'],
  ['an error of the server', refused(500, 'rpc error: something broke'), 'failed'],
  ['a page of a proxy', body('<html>login</html>'), 'failed'],
  ['nothing', body(''), 'failed'],
  ['a reply that is cut short', body('[{"ID":"a'), 'failed'],
  ['another shape', body('7'), 'failed'],
] as const

describe.each(nomadProbes.map((one) => [one.id, one] as const))('%s', (id, one) => {
  it.each(refusals)('%s leaves its facts unknown, with the reason', async (_, reply, why) => {
    if (id === 'allocation-logs' && reply.status === 200) return // any text is output
    const names = { node: 'n1', job: 'orders-api', alloc: 'a1', service: 'orders-api' }
    const found = await run(one, thing(one.about, names), () => Promise.resolve(reply), given)
    expect(Object.keys(found).toSorted()).toEqual([...one.provides].toSorted())
    for (const held of Object.values(found)) expect(held).toMatchObject({ known: false, why })
  })

  it('is unknown where nothing was recorded', async () => {
    const names = { node: 'n1', job: 'orders-api', alloc: 'a1', service: 'orders-api' }
    const found = await run(one, thing(one.about, names), asking({}), given)
    for (const held of Object.values(found)) expect(held).toMatchObject({ known: false, why: 'not-recorded' })
  })
})

describe('a job that is not registered', () => {
  const missing = { 'GET /v1/job/orders-api': refused(404, 'job not found') }
  const errors = '1 error occurred:\n\t* connect sidecar: invalid network mode for Consul Connect\n\n'

  it('has no allocation and no evaluation, and is known from its parsed file', async () => {
    const ask = asking({ ...missing, 'POST /v1/jobs/parse': json(parsedJob) })
    expect(value((await run(probe('job'), job, ask))['job.registered'])).toBe(false)
    expect(value((await run(probe('job'), job, ask))['job.spec'])).toMatchObject({
      id: 'orders-api',
      status: '',
      groups: [{ name: 'api' }],
    })
    expect(value((await run(probe('job-allocations'), job, ask))['job.allocations'])).toEqual([])
    expect(value((await run(probe('job-evaluations'), job, ask))['job.evaluations'])).toEqual([])
  })

  it('is not taken for another job that was parsed', async () => {
    const ask = asking({ ...missing, 'POST /v1/jobs/parse': json({ ...parsedJob, ID: 'web' }) })
    expect((await run(probe('job'), job, ask))['job.spec']).toMatchObject({ known: false, why: 'not-found' })
    const other = asking({
      'GET /v1/job/orders-api?namespace=platform': refused(404, 'job not found'),
      'POST /v1/jobs/parse': json(parsedJob),
    })
    expect((await run(probe('job'), elsewhere, other))['job.spec']).toMatchObject({ known: false, why: 'not-found' })
  })

  it('is known from the list where the recording has no answer about it', async () => {
    const listed = asking({ 'GET /v1/jobs?meta=true': json([{ ID: 'web', Namespace: 'default' }]) })
    expect(value((await run(probe('job'), job, listed))['job.registered'])).toBe(false)
    expect((await run(probe('job'), job, asking({})))['job.registered']).toMatchObject({
      known: false,
      why: 'not-recorded',
    })
  })

  it('gets the errors of its refusal as an answer', async () => {
    const parsed = { ...missing, 'POST /v1/jobs/parse': json(parsedJob) }
    const plan = async (answers: object) =>
      (await run(probe('job-plan'), job, asking({ ...parsed, ...answers })))['job.plan']
    const refusal = { accepted: false, errors: ['connect sidecar: invalid network mode for Consul Connect'] }
    expect(value(await plan({ 'POST /v1/job/orders-api/plan': refused(500, errors) }))).toMatchObject(refusal)
    expect(
      value(
        await plan({
          'POST /v1/job/orders-api/plan': refused(
            500,
            'error in job mutator expose-check: unable to determine local service port',
          ),
        }),
      ),
    ).toMatchObject({ accepted: false })
    const valid = json({ ValidationErrors: ['connect sidecar: invalid network mode for Consul Connect'] })
    expect(
      value(
        await plan({
          'POST /v1/job/orders-api/plan': refused(403, 'Permission denied'),
          'POST /v1/validate/job': valid,
        }),
      ),
    ).toMatchObject(refusal)
  })

  it('is not settled by a validation that passes, nor by a plan without the right to ask', async () => {
    const parsed = {
      ...missing,
      'POST /v1/jobs/parse': json(parsedJob),
      'POST /v1/job/orders-api/plan': refused(403, 'Permission denied'),
    }
    const ask = asking({ ...parsed, 'POST /v1/validate/job': json({ ValidationErrors: null }) })
    expect((await run(probe('job-plan'), job, ask))['job.plan']).toMatchObject({ known: false, why: 'denied' })
  })
})
