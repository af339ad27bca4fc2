import { describe, expect, it } from 'vitest'
import { allocRecord } from '../../src/probes/nomad/alloc-record.ts'
import { evaluation } from '../../src/probes/nomad/evaluation.ts'
import { jobSpec } from '../../src/probes/nomad/job-spec.ts'

const stub = {
  ID: 'a1',
  Name: 'orders.api[0]',
  Namespace: 'default',
  JobID: 'orders',
  JobType: 'service',
  JobVersion: 2,
  TaskGroup: 'api',
  NodeID: 'n1',
  NodeName: 'c1',
  ClientStatus: 'running',
  DesiredStatus: 'run',
  ClientDescription: '',
  CreateIndex: 5,
  CreateTime: 7,
  DeploymentStatus: null,
  TaskStates: null,
}

describe('an allocation', () => {
  it('reads the stub of a list', () => {
    expect(allocRecord(stub)).toMatchObject({ id: 'a1', jobVersion: 2, jobType: 'service', ports: [], tasks: [] })
    expect(allocRecord(stub)).not.toHaveProperty('address')
  })

  it('takes ports from where the scheduler wrote them, their network from the copy', () => {
    const AllocatedResources = {
      Shared: {
        Networks: [
          {
            IP: '10.0.0.99',
            Mode: 'bridge',
            DynamicPorts: [{ Label: 'http', Value: 25000, To: 80, HostNetwork: 'public' }],
          },
        ],
        Ports: [
          { Label: 'http', Value: 25000, To: 80, HostIP: '10.0.0.1' },
          { Label: 'raw', Value: 25001, HostIP: '10.0.0.1' },
        ],
      },
      Tasks: { old: { Networks: [{ IP: '10.0.0.1', ReservedPorts: [{ Label: 'db', Value: 5432 }] }] } },
    }
    expect(
      allocRecord({
        ...stub,
        AllocatedResources,
        NetworkStatus: { Address: '172.26.64.2', AddressIPv6: '', InterfaceName: 'eth0' },
      }),
    ).toMatchObject({
      ports: [
        { label: 'http', hostIp: '10.0.0.1', hostPort: 25000, to: 80, hostNetwork: 'public' },
        { label: 'raw', hostIp: '10.0.0.1', hostPort: 25001, to: 0, hostNetwork: 'default' },
        { label: 'db', hostIp: '10.0.0.1', hostPort: 5432, to: 0, hostNetwork: 'default' },
      ],
      address: '172.26.64.2',
      interface: 'eth0',
    })
  })

  it.each([
    [{ Type: 'Started', DisplayMessage: 'Task started by client' }, 'Task started by client'],
    [{ Type: 'Driver Failure', DisplayMessage: 'Failed to start: no', DriverError: 'no' }, 'Failed to start: no'],
    [{ Type: 'Driver Failure', DisplayMessage: '', DriverError: 'no such image' }, 'no such image'],
    [
      { Type: 'Restarting', DisplayMessage: 'Task restarting in 5s', RestartReason: 'Restart within policy' },
      'Task restarting in 5s: Restart within policy',
    ],
  ])('reads the telling text of an event: %o', (event, text) => {
    const TaskStates = { server: { State: 'dead', Failed: true, Restarts: 1, Events: [{ Time: 1, ...event }] } }
    expect(allocRecord({ ...stub, TaskStates }).tasks).toEqual([
      { name: 'server', state: 'dead', failed: true, restarts: 1, events: [{ type: event.Type, text, time: 1 }] },
    ])
  })

  it('throws at a field that must be there', () => {
    expect(() => allocRecord({ ...stub, ClientStatus: undefined })).toThrow('ClientStatus')
  })
})

describe('a job', () => {
  const group = {
    Name: 'api',
    Count: 2,
    Constraints: [{ LTarget: '${node.class}', RTarget: 'edge', Operand: '=' }],
    Disconnect: { LostAfter: 3600000000000 },
    Networks: [
      {
        Mode: 'Bridge',
        DynamicPorts: [{ Label: 'http', To: 80, HostNetwork: 'default' }, { Label: 'raw' }],
        ReservedPorts: [{ Label: 'tls', Value: 443, To: 8443, HostNetwork: 'public' }],
        DNS: { Servers: ['10.0.0.2'], Searches: null, Options: null },
      },
    ],
    Services: [
      {
        Name: 'orders',
        PortLabel: 'http',
        Provider: '',
        Tags: null,
        TaskName: 'server',
        Checks: [{ Type: 'http', Path: '/', PortLabel: '', Expose: true }],
        Connect: {
          Native: false,
          Gateway: null,
          SidecarService: {
            Port: '',
            Proxy: { Upstreams: [{ DestinationName: 'db', LocalBindPort: 5432 }], TransparentProxy: null },
          },
        },
      },
    ],
    Tasks: [
      {
        Name: 'server',
        Driver: 'docker',
        Config: { image: 'x', ports: ['http'] },
        Env: { A: '1' },
        Lifecycle: { Hook: 'prestart', Sidecar: true },
        Resources: { Networks: null },
        Templates: [{ DestPath: 'local/a', EmbeddedTmpl: '{{ env "A" }}', Envvars: true, ChangeMode: '' }],
        Services: [{ Name: 'own', Provider: 'nomad', PortLabel: '9000' }],
      },
    ],
  }
  const read = jobSpec({
    ID: 'orders',
    Type: 'service',
    Datacenters: ['*'],
    TaskGroups: [group],
    Periodic: null,
    ParameterizedJob: null,
  })
  const [api] = read.groups

  it('has defaults for what the API leaves out', () => {
    expect(read).toMatchObject({
      namespace: 'default',
      nodePool: 'default',
      version: 0,
      stopped: false,
      spawns: false,
      constraints: [],
    })
    expect(jobSpec({ ID: 'nightly', Periodic: { Spec: '@daily' } })).toMatchObject({ spawns: true, groups: [] })
  })

  it('keeps the mode as written and leaves `to` out where the job has none', () => {
    expect(api?.network).toEqual({
      mode: 'Bridge',
      ports: [
        { label: 'tls', static: 443, to: 8443, hostNetwork: 'public' },
        { label: 'http', to: 80, hostNetwork: 'default' },
        { label: 'raw', hostNetwork: 'default' },
      ],
      dns: { servers: ['10.0.0.2'], searches: [], options: [] },
    })
    expect(api).toMatchObject({
      networkBlocks: 1,
      lostAfter: 3600,
      constraints: [{ left: '${node.class}', operand: '=', right: 'edge' }],
    })
  })

  it('reads services of the group and of a task, provider consul when none is named', () => {
    expect(api?.services).toMatchObject([
      {
        name: 'orders',
        provider: 'consul',
        port: 'http',
        level: 'group',
        task: 'server',
        addressMode: 'auto',
        checks: [{ type: 'http', expose: true }],
        connect: {
          native: false,
          gateway: false,
          sidecar: { upstreams: [{ destination: 'db', localBindPort: 5432 }], transparentProxy: false },
        },
      },
    ])
    expect(api?.tasks[0]?.services).toMatchObject([
      { name: 'own', provider: 'nomad', port: '9000', level: 'task', task: 'server' },
    ])
    expect(api?.tasks[0]?.services[0]).not.toHaveProperty('connect')
  })

  it('reads a task', () => {
    expect(api?.tasks[0]).toMatchObject({
      driver: 'docker',
      config: { ports: ['http'] },
      env: { A: '1' },
      lifecycle: { hook: 'prestart', sidecar: true },
      user: '',
      leader: false,
      templates: [{ destination: 'local/a', data: '{{ env "A" }}', source: '', env: true, changeMode: 'restart' }],
    })
  })
})

describe('an evaluation', () => {
  it('reads what stood in the way, by group', () => {
    const metric = {
      NodesEvaluated: 2,
      NodesFiltered: 1,
      NodesExhausted: 1,
      NodesInPool: 2,
      ClassFiltered: null,
      ConstraintFiltered: { 'missing network': 1 },
      DimensionExhausted: { 'network: reserved port collision http=80': 1 },
    }
    expect(
      evaluation({
        ID: 'e1',
        Status: 'blocked',
        TriggeredBy: 'queued-allocs',
        CreateIndex: 4,
        ModifyIndex: 9,
        FailedTGAllocs: { api: metric },
        QueuedAllocations: null,
      }),
    ).toEqual({
      id: 'e1',
      status: 'blocked',
      triggeredBy: 'queued-allocs',
      statusDescription: '',
      createIndex: 4,
      modifyIndex: 9,
      jobModifyIndex: 0,
      queued: {},
      failed: {
        api: {
          nodesEvaluated: 2,
          nodesFiltered: 1,
          nodesExhausted: 1,
          nodesInPool: 2,
          classFiltered: {},
          constraintFiltered: { 'missing network': 1 },
          dimensionExhausted: { 'network: reserved port collision http=80': 1 },
        },
      },
    })
  })
})
