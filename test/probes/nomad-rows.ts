import type { Thing } from '../../src/knowledge/things.ts'
import { body, json } from './ask.ts'
import type { asking } from './ask.ts'
import { alloc, cluster, job, node, service } from './nomad-things.ts'

/** One line per probe: what the API says, as recorded and cut down, and the facts it makes. */
export const rows: readonly (readonly [
  string,
  Thing,
  Parameters<typeof asking>[0],
  Readonly<Record<string, unknown>>,
])[] = [
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
      'GET /v1/jobs?per_page=1': json([]),
      'GET /v1/jobs?meta=true': json([
        { ID: 'web', Type: 'service', Status: 'running', JobSummary: { Namespace: 'default', Summary: { front: {} } } },
      ]),
    },
    {
      'cluster.jobs': [{ id: 'web', namespace: 'default', type: 'service', status: 'running', groups: ['front'] }],
      'cluster.own-jobs': true,
    },
  ],
  [
    'namespaces',
    cluster,
    {
      'GET /v1/namespaces': json([
        { Name: 'default', Capabilities: null },
        { Name: 'platform', Capabilities: { EnabledNetworkModes: ['bridge'], DisabledNetworkModes: null } },
      ]),
    },
    {
      'cluster.namespaces': ['default', 'platform'],
      'cluster.namespace-rules': [
        { name: 'default', enabled: [], disabled: [] },
        { name: 'platform', enabled: ['bridge'], disabled: [] },
      ],
    },
  ],
  [
    'services',
    cluster,
    {
      'GET /v1/services?namespace=*': json([{ Namespace: 'default', Services: [{ ServiceName: 'redis', Tags: [] }] }]),
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
