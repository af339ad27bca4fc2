import { edits, set } from '../../edit.ts'
import type { Namespace } from '../../shapes/port.ts'
import { servicesOf } from '../../discovery.ts'
import { onHost } from '../../said.ts'
import { fault } from '../../fault.ts'
import { check, group, instance, record, service, task } from '../../samples.ts'
import type { CheckSpec, GroupSpec, ServiceSpec } from '../../shapes/job.ts'
import type { AllocRecord, ConsulInstance } from '../../shapes/runtime.ts'

/** A check that dials a number on the client itself, is critical, and does not dial what the service registers. */
function misplaced(
  specs: readonly ServiceSpec[],
  instances: readonly ConsulInstance[],
  current: readonly AllocRecord[],
): { spec: ServiceSpec; check: CheckSpec; at: ConsulInstance } | undefined {
  for (const spec of specs)
    for (const check of spec.checks) {
      const own = check.addressMode === '' || check.addressMode === 'host' || check.addressMode === 'auto'
      if (!own || !/^\d+$/.test(check.port) || spec.address !== '') continue
      // A number that is published on the host answers there.
      if (current.some(({ ports }) => ports.some(({ hostPort }) => hostPort === Number(check.port)))) continue
      const at = instances.find(
        ({ port, checks }) =>
          port !== Number(check.port) &&
          checks.some(({ name, status }) => status === 'critical' && (check.name === '' || name === check.name)),
      )
      if (at) return { spec, check, at }
    }
  return undefined
}

/** The label that leads to the number, or the address it is at. */
function led({ own, one, number }: { own: ServiceSpec; one: CheckSpec; number: string }, { network }: GroupSpec) {
  const label = network?.ports.find(({ to }) => to === Number(number))?.label
  if (one.port !== '' && label !== undefined) return [set(one, 'port', label)]
  return own.addressMode === 'alloc' ? [set(one, 'address_mode', 'alloc')] : undefined
}

/** A check over TCP with a number that exists in another namespace than the client's, and no address of it. */
const hostly = (spec: GroupSpec, spaces: Readonly<Record<string, Namespace>>) =>
  servicesOf(spec)
    .filter(({ address, connect }) => address === '' && connect === undefined)
    .flatMap((own) => own.checks.map((one) => ({ own, one, number: one.port === '' ? own.port : one.port })))
    .find(
      ({ own, one, number }) =>
        ['http', 'https', 'tcp', 'grpc'].includes(one.type) &&
        !one.expose &&
        ['', 'auto', 'host'].includes(one.addressMode) &&
        (one.port !== '' || own.addressMode === 'alloc') &&
        /^\d+$/.test(number) &&
        (refused(own, one, spec) || (own.provider === 'consul' && !onHost(spec, own, Number(number), spaces))),
    )

/** In a service of a task a number is the port of a check only at the address of the driver. */
const refused = (own: ServiceSpec, one: CheckSpec, { network }: GroupSpec): boolean =>
  own.level === 'task' && one.port !== '' && !network?.ports.some(({ label }) => label === one.port)

export const consulCheckAddressMode = fault({
  id: 'consul-check-address-mode',
  about: 'service',
  title: 'The check dials the client itself instead of the allocation',
  layer: 'job',
  severity: 'breaks',
  heard: [
    'Get "http://:<port>/": dial tcp :<port>: connect: connection refused',
    'dial tcp <address>:<port>: connect: connection refused',
    'check "<check>" cannot use a numeric port <port> without setting address_mode="driver"',
  ],
  onlyWhen: { 'service.provider': ['consul'], 'group.network.mode': ['bridge', 'cni'] },
  needs: ['service.specs', 'service.consul', 'group.current'],
  shows: ['service.specs', 'service.consul'],
  holds: ({ 'service.specs': specs, 'service.consul': instances, 'group.current': current }) => {
    const found = misplaced(specs, instances, current)
    return found === undefined
      ? false
      : `The check of ${found.spec.name} has port = "${found.check.port}" without an address_mode, so Consul on ${found.at.node} dials its own port ${found.check.port}; the service is on ${found.at.port}`
  },
  byHand:
    'On the client: curl http://127.0.0.1:8500/v1/agent/checks, and read in Output which address and port the check dials.',
  explains: ['consul-service-critical-filtered'],
  because:
    'A check has an address_mode of its own, host by default; it does not take over the mode of its service. With a number as port the Consul agent dials that number on the client, where a bridge group publishes only its host ports: nobody listens there, the check stays critical, and everybody who asks for passing instances gets an empty list although the application serves.',
  fix: ({ 'service.specs': specs, 'service.consul': instances, 'group.current': current }) => {
    const found = misplaced(specs, instances, current)
    return [
      {
        do: `Set address_mode = "alloc" in the check of ${found?.spec.name ?? 'the service'}, or name a port label instead of ${found?.check.port ?? 'the number'}`,
        on: 'job file',
        risk: 'The check is registered anew; the allocation stays',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/check#address_mode',
    'https://developer.hashicorp.com/nomad/docs/job-specification/service#address_mode',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a container port in host mode',
      given: {
        'service.provider': 'consul',
        'group.network.mode': 'bridge',
        'group.current': [record('a1')],
        'service.specs': [
          service({
            provider: 'consul',
            checks: [{ name: 'c', type: 'http', path: '/', port: '8080', addressMode: '', expose: false }],
          }),
        ],
        'service.consul': [
          instance('a1', { checks: [{ id: 'x', name: 'c', type: 'http', status: 'critical', output: '' }] }),
        ],
      },
      then: 'present',
    },
    {
      name: 'address_mode alloc dials the allocation',
      given: {
        'service.provider': 'consul',
        'group.network.mode': 'bridge',
        'group.current': [record('a1')],
        'service.specs': [
          service({
            provider: 'consul',
            checks: [{ name: 'c', type: 'http', path: '/', port: '8080', addressMode: 'alloc', expose: false }],
          }),
        ],
        'service.consul': [
          instance('a1', { checks: [{ id: 'x', name: 'c', type: 'http', status: 'critical', output: '' }] }),
        ],
      },
      then: 'absent',
    },
    {
      name: 'with host networking the number is on the client',
      given: {
        'service.provider': 'consul',
        'group.network.mode': 'host',
        'group.current': [record('a1')],
        'service.specs': [service({ provider: 'consul' })],
        'service.consul': [instance('a1')],
      },
      then: 'absent',
    },
    {
      name: 'a native service is not in Consul',
      given: {
        'service.provider': 'nomad',
        'group.network.mode': 'bridge',
        'group.current': [record('a1')],
        'service.specs': [service()],
        'service.consul': [],
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    needs: ['group.spec', 'group.task-namespaces'],
    shows: ['group.spec'],
    holds: ({ 'group.spec': spec, 'group.task-namespaces': spaces }) => {
      const found = hostly(spec, spaces)
      return found
        ? {
            says: refused(found.own, found.one, spec)
              ? `The check of service ${found.own.name} has port = "${found.number}" without address_mode = "driver", so the servers refuse the job`
              : `The check of service ${found.own.name} dials port ${found.number} of the client itself, and that number is not open there: it is inside the network namespace of the ${found.own.level === 'task' ? 'container' : 'group'}`,
            at: found.one.port === '' ? found.one : [found.one, 'port'],
          }
        : false
    },
    fix: ({ 'group.spec': spec, 'group.task-namespaces': spaces }) => {
      const found = hostly(spec, spaces)
      return [
        {
          do: `Give the check of service "${found?.own.name ?? ''}" the label of a port block as its port, or address_mode = "${found?.own.level === 'task' ? 'driver' : 'alloc'}"`,
          on: 'job file',
          risk: 'The service is registered anew',
          ...edits(found && led(found, spec), 'no port block leads to the number'),
        },
      ]
    },
    meets: (
      { 'service.specs': specs, 'service.consul': instances, 'group.current': current },
      { 'group.spec': spec, 'group.task-namespaces': spaces },
    ) => {
      const [measured, found] = [misplaced(specs, instances, current), hostly(spec, spaces)]
      return measured?.spec.name === found?.own.name && measured?.check.port === found?.one.port
    },
    examples: [
      {
        name: 'a number in a bridge group',
        given: {
          'group.spec': group({ services: [service({ provider: 'consul', checks: [check({ port: '8080' })] })] }),
          'group.task-namespaces': { server: 'group' },
        },
        then: 'present',
      },
      {
        name: 'a number in a check of a task, which the servers refuse whatever the driver',
        given: {
          'group.spec': group({
            services: [],
            tasks: [
              task({
                driver: 'raw_exec',
                services: [service({ level: 'task', task: 'server', checks: [check({ port: '8080' })] })],
              }),
            ],
          }),
          'group.task-namespaces': { server: 'host' },
        },
        then: 'present',
      },
      {
        name: 'the number is static on the client',
        given: {
          'group.spec': group({
            network: { mode: 'bridge', ports: [{ label: 'http', static: 8080, hostNetwork: 'default' }] },
            services: [service({ provider: 'consul', checks: [check({ port: '8080' })] })],
          }),
          'group.task-namespaces': { server: 'group' },
        },
        then: 'absent',
      },
    ],
  },
})
