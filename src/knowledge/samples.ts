/** Small things for examples: an allocation, a row, a group. Every field that does not matter has a plain value. */
import type { CheckSpec, GroupSpec, JobSpec, ServiceSpec, TaskSpec, TemplateSpec } from './shapes/job.ts'
import type { Link } from './shapes/packet.ts'
import type { ListeningPort, PortWay } from './shapes/port.ts'
import type { AllocRecord, ConsulInstance, NodeDocument, ServiceRow } from './shapes/runtime.ts'

export const record = (id: string, changed: Partial<AllocRecord> = {}): AllocRecord => ({
  id,
  name: 'orders.api[0]',
  namespace: 'default',
  job: 'orders',
  group: 'api',
  jobType: 'service',
  jobVersion: 0,
  node: 'n1',
  nodeName: 'c1',
  clientStatus: 'running',
  desiredStatus: 'run',
  createIndex: 1,
  createTime: 1,
  ports: [{ label: 'http', hostIp: '10.0.0.1', hostPort: 25000, to: 8080, hostNetwork: 'default' }],
  tasks: [{ name: 'server', state: 'running', failed: false, restarts: 0, events: [] }],
  clientDescription: '',
  ...changed,
})

export const row = (alloc: string, changed: Partial<ServiceRow> = {}): ServiceRow => ({
  id: `_nomad-task-${alloc}-group-api-orders-http`,
  name: 'orders',
  namespace: 'default',
  alloc,
  node: 'n1',
  job: 'orders',
  address: '10.0.0.1',
  port: 25000,
  tags: [],
  ...changed,
})

export const instance = (alloc: string, changed: Partial<ConsulInstance> = {}): ConsulInstance => ({
  id: `_nomad-task-${alloc}-group-api-orders-http`,
  service: 'orders',
  node: 'c1',
  nodeAddress: '10.0.0.1',
  address: '10.0.0.1',
  port: 25000,
  tags: [],
  meta: { 'external-source': 'nomad' },
  kind: '',
  checks: [{ id: 'serfHealth', name: 'Serf Health Status', type: '', status: 'passing', output: '' }],
  ...changed,
})

export const service = (changed: Partial<ServiceSpec> = {}): ServiceSpec => ({
  name: 'orders',
  provider: 'nomad',
  port: 'http',
  address: '',
  addressMode: 'auto',
  tags: [],
  level: 'group',
  checks: [],
  ...changed,
})

export const task = (changed: Partial<TaskSpec> = {}): TaskSpec => ({
  name: 'server',
  driver: 'docker',
  user: '',
  config: {},
  env: {},
  templates: [],
  leader: false,
  services: [],
  networks: [],
  ...changed,
})

export const group = (changed: Partial<GroupSpec> = {}): GroupSpec => ({
  name: 'api',
  count: 1,
  constraints: [],
  network: { mode: 'bridge', ports: [{ label: 'http', to: 8080, hostNetwork: 'default' }] },
  networkBlocks: 1,
  services: [service()],
  tasks: [task()],
  ...changed,
})

export const way = (changed: Partial<PortWay> = {}): PortWay => ({
  label: 'http',
  hostIp: '10.0.0.1',
  hostPort: 25000,
  inside: 8080,
  to: 8080,
  dynamic: true,
  mapper: 'portmap',
  namespace: 'group',
  task: 'server',
  service: 'orders',
  wanted: true,
  ...changed,
})

export const listening = (changed: Partial<ListeningPort> = {}): ListeningPort => ({
  ...way(),
  state: 'open',
  others: [],
  atTo: false,
  ...changed,
})

/** A port without a `to`: the number inside is the host's. */
export const unmappedPort = (changed: Partial<ListeningPort> = {}): ListeningPort => {
  const { to: _, ...rest } = listening({ inside: 25000, ...changed })
  return rest
}

export const nodeDocument = (changed: Partial<NodeDocument> = {}): NodeDocument => ({
  id: 'n1',
  name: 'c1',
  status: 'ready',
  eligible: true,
  draining: false,
  datacenter: 'dc1',
  nodePool: 'default',
  nodeClass: '',
  httpAddress: '10.0.0.1:4646',
  version: '2.0.5',
  attributes: {},
  meta: {},
  drivers: { docker: true },
  modes: ['host', 'bridge'],
  networks: [],
  hostNetworks: [],
  dynamicPorts: { min: 20000, max: 32000 },
  reservedPorts: '',
  ...changed,
})

export const job = (changed: Partial<JobSpec> = {}): JobSpec => ({
  id: 'orders',
  namespace: 'default',
  type: 'service',
  status: 'running',
  stopped: false,
  version: 0,
  datacenters: ['*'],
  nodePool: 'default',
  constraints: [],
  spawns: false,
  groups: [group()],
  ...changed,
})

export const check = (changed: Partial<CheckSpec> = {}): CheckSpec => ({
  name: 'alive',
  type: 'http',
  path: '/health',
  port: '',
  addressMode: '',
  expose: false,
  ...changed,
})

export const template = (data: string, changed: Partial<TemplateSpec> = {}): TemplateSpec => ({
  destination: 'local/orders.env',
  data,
  source: '',
  env: true,
  changeMode: 'restart',
  ...changed,
})

type Sidecar = NonNullable<NonNullable<ServiceSpec['connect']>['sidecar']>

/** A service with a sidecar. */
export const meshed = (changed: Partial<ServiceSpec> = {}, sidecar: Partial<Sidecar> = {}): ServiceSpec =>
  service({
    provider: 'consul',
    port: '8080',
    connect: {
      native: false,
      gateway: false,
      sidecar: { port: '', upstreams: [], transparentProxy: false, ...sidecar },
    },
    ...changed,
  })

/** A service whose sidecar redirects all traffic of the group. */
export const redirected = (
  changed: Partial<NonNullable<Sidecar['redirect']>> = {},
  sidecar: Partial<Sidecar> = {},
): ServiceSpec =>
  meshed(
    {},
    {
      transparentProxy: true,
      redirect: { uid: '', noDns: false, excludeInboundPorts: [], excludeUids: [], ...changed },
      ...sidecar,
    },
  )

/** An interface that is up, with these addresses. */
export const link = (name: string, ...addresses: readonly string[]): Link => ({
  index: 2,
  name,
  kind: 'ether',
  flags: ['UP', 'LOWER_UP'],
  up: true,
  carrier: true,
  operstate: 'UP',
  mtu: 1500,
  addresses: addresses.map((address) => ({
    family: address.includes(':') ? 6 : 4,
    address,
    prefix: 24,
    scope: 'global',
    flags: [],
  })),
})

/** An allocation whose sidecar did not come to its start. */
export const sidecarFailed = (text: string): AllocRecord => {
  const events = [{ type: 'Setup Failure', text, time: 1 }]
  return record('a1', { tasks: [{ name: 'connect-proxy-orders', state: 'dead', failed: true, restarts: 0, events }] })
}
