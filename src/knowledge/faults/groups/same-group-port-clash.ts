import type { GroupSpec } from '../../shapes/job.ts'
import type { Said } from '../../shapes/said.ts'
import { lasting } from '../../said.ts'
import { said } from '../../said-samples.ts'
import { fault } from '../../fault.ts'
import { group, task, way } from '../../samples.ts'
import type { Namespace, PortWay } from '../../shapes/port.ts'
import type { BindError } from '../../shapes/runtime.ts'

/** The port a task could not bind: as its text names it, as its port block has it, or the one that two blocks lead to. */
const portOf = (error: BindError, ways: readonly PortWay[]): number | undefined =>
  error.port ??
  ways.find(({ task }) => task === error.task)?.inside ??
  ways.find(({ inside }, i) => ways.findIndex((other) => other.inside === inside) !== i)?.inside

const error: BindError = { kind: 'in-use', task: 'admin', text: 'httpd: bind: Address already in use' }

const same = (a: Said, b: Said): boolean =>
  a.task !== b.task && a.port === b.port && a.udp === b.udp && (a.host === b.host || a.host === '' || b.host === '')

/** The later of two places that cannot both be had in the namespace of the group. */
function twice(listens: readonly Said[], { tasks }: GroupSpec, namespaces: Readonly<Record<string, Namespace>>) {
  const beside = new Set(
    tasks.filter((one) => lasting(one) && namespaces[one.name] === 'group').map(({ name }) => name),
  )
  const own = listens.filter(({ task: name, port, by }) => beside.has(name) && port !== undefined && by === 'text')
  return own
    .map((one, i) => ({ one, other: own.slice(0, i).find((before) => same(before, one)) }))
    .find(({ other }) => other)
}

export const sameGroupPortClash = fault({
  id: 'same-group-port-clash',
  about: 'alloc',
  title: 'Two tasks of the group listen on the same port in their shared network namespace',
  layer: 'port',
  severity: 'breaks',
  heard: [
    'bind: address already in use',
    'listen tcp :<port>: bind: address already in use',
    'Error: listen EADDRINUSE: address already in use :::<port>',
  ],
  onlyWhen: { 'group.network.mode': ['bridge', 'cni'], 'alloc.start': ['no-bind'] },
  needs: ['alloc.bind-error', 'alloc.netns.listeners', 'alloc.port-ways'],
  shows: ['alloc.bind-error', 'alloc.netns.listeners'],
  holds: ({ 'alloc.bind-error': error, 'alloc.netns.listeners': sockets, 'alloc.port-ways': ways }) => {
    if (error?.kind !== 'in-use') return false
    const port = portOf(error, ways)
    const holder = sockets.find((one) => port === undefined || one.port === port)
    if (!holder) return false
    const [process] = holder.processes
    return `Task ${error.task} cannot bind ${port === undefined ? 'its port' : `port ${port}`}: in the network namespace of the group ${process ? `${process.name} (pid ${process.pid})` : 'another task'} has it already`
  },
  byHand:
    'nomad alloc logs <alloc> <task> shows "address already in use"; in the namespace of the allocation ss -ltnp shows another process on that port.',
  explains: [
    'nsd-check-failing',
    'nsd-unhealthy-returned',
    'consul-service-critical-filtered',
    'connect-destination-unhealthy',
  ],
  because:
    'In bridge mode the tasks of a group share one network namespace, so they share one set of ports, as processes of one machine do. Two containers that each have "their own" 8080 do not exist here: the first one gets it, the second one ends with an error and is restarted for ever. Different port labels do not help: they only decide what is forwarded.',
  fix: ({ 'alloc.bind-error': error, 'alloc.port-ways': ways }) => [
    {
      do: `Let task ${error?.task ?? ''} listen on another port than ${(error && portOf(error, ways)) ?? 'its sibling'}, and set to of its port block to that number`,
      on: 'job file',
      risk: 'The allocation is replaced',
    },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/networking#bridge-networking'],
  since: '0.1.0',
  examples: [
    {
      name: 'the second web server ends',
      given: {
        'group.network.mode': 'bridge',
        'alloc.start': 'no-bind',
        'alloc.bind-error': error,
        'alloc.netns.listeners': [{ proto: 'tcp', address: '*', port: 8080, processes: [{ name: 'httpd', pid: 7 }] }],
        'alloc.port-ways': [way(), way({ label: 'admin', task: 'admin' })],
      },
      then: 'present',
    },
    {
      name: 'every task has its port',
      given: {
        'group.network.mode': 'bridge',
        'alloc.start': 'up',
        'alloc.bind-error': null,
        'alloc.netns.listeners': [{ proto: 'tcp', address: '*', port: 8080, processes: [] }],
        'alloc.port-ways': [way()],
      },
      then: 'absent',
    },
    {
      name: 'nothing holds the port by now',
      given: {
        'group.network.mode': 'bridge',
        'alloc.start': 'no-bind',
        'alloc.bind-error': { ...error, port: 9090 },
        'alloc.netns.listeners': [{ proto: 'tcp', address: '*', port: 8080, processes: [] }],
        'alloc.port-ways': [way()],
      },
      then: 'absent',
    },
    {
      name: 'in host mode any process of the client may hold the port',
      given: {
        'group.network.mode': 'host',
        'alloc.start': 'no-bind',
        'alloc.bind-error': error,
        'alloc.netns.listeners': [],
        'alloc.port-ways': [],
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['bridge', 'cni'] },
    needs: ['group.listens', 'group.spec', 'group.task-namespaces'],
    holds: ({ 'group.listens': listens, 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
      const found = twice(listens, spec, namespaces)
      return found
        ? {
            says: `Tasks ${found.other?.task} and ${found.one.task} of group ${spec.name} are both told to listen on port ${found.one.port}, and share one network namespace`,
            at: found.one.at,
          }
        : false
    },
    fix: ({ 'group.listens': listens, 'group.spec': spec, 'group.task-namespaces': namespaces }) => [
      {
        do: `Let task ${twice(listens, spec, namespaces)?.one.task ?? ''} listen on another port than its sibling, and set to of its port block to that number`,
        on: 'job file',
        risk: 'The allocation is replaced',
        note: 'By hand: the job does not say which other number the application can have',
      },
    ],
    examples: [
      {
        name: 'two servers on 8080',
        given: {
          'group.network.mode': 'bridge',
          'group.listens': [said(), said({ task: 'admin' })],
          'group.spec': group({ tasks: [task(), task({ name: 'admin' })] }),
          'group.task-namespaces': { server: 'group', admin: 'group' },
        },
        then: 'present',
      },
      {
        name: 'the second one comes after the first one ended',
        given: {
          'group.network.mode': 'bridge',
          'group.listens': [said(), said({ task: 'admin' })],
          'group.spec': group({
            tasks: [task(), task({ name: 'admin', lifecycle: { hook: 'poststop', sidecar: false } })],
          }),
          'group.task-namespaces': { server: 'group', admin: 'group' },
        },
        then: 'absent',
      },
      {
        name: 'each container has its own namespace',
        given: {
          'group.network.mode': 'host',
          'group.listens': [],
          'group.spec': group(),
          'group.task-namespaces': {},
        },
        then: 'absent',
      },
    ],
  },
})
