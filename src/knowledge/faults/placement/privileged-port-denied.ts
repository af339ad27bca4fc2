import type { GroupSpec, TaskSpec } from '../../shapes/job.ts'
import { fault } from '../../fault.ts'
import { group, record, task } from '../../samples.ts'
import type { AllocRecord, BindError } from '../../shapes/runtime.ts'

/** The port the task must bind: the one the text names, else the only low one among its ports. */
function portOf(error: BindError | null, { ports }: AllocRecord): number | undefined {
  if (error?.kind !== 'denied') return undefined
  if (error.port !== undefined) return error.port < 1024 ? error.port : undefined
  const inside = ports.flatMap(({ to, hostPort }) => [...(to > 0 ? [to] : []), hostPort])
  const low = [...new Set(inside.filter((port) => port < 1024))]
  return low.length === 1 ? low[0] : undefined
}

const bare = ({ driver, user, config }: TaskSpec): boolean =>
  driver === 'docker' &&
  config['network_mode'] === 'host' &&
  user !== '' &&
  !/^(?:0|root)(?::|$)/.test(user) &&
  !/net_bind_service|all/i.test(JSON.stringify(config['cap_add'] ?? '')) &&
  config['privileged'] !== true

/** It shares the client's namespace, where the kernel asks for rights below 1024, and runs as somebody else than root. */
function rightless({ network, tasks }: GroupSpec) {
  const low = network?.ports.find(({ static: host }) => host !== undefined && host < 1024)
  const [task, ...more] = tasks
  return low && task && more.length === 0 && bare(task) ? { port: low, task } : undefined
}

export const privilegedPortDenied = fault({
  id: 'privileged-port-denied',
  about: 'alloc',
  title: 'The task may not bind a port below 1024',
  layer: 'port',
  severity: 'breaks',
  heard: [
    'bind: permission denied',
    'bind() to 0.0.0.0:80 failed (13: Permission denied)',
    'listen tcp :80: bind: permission denied',
    'PermissionError: [Errno 13] Permission denied',
    'Error: listen EACCES: permission denied 0.0.0.0:80',
  ],
  needs: ['alloc.bind-error', 'alloc.record', 'group.spec'],
  shows: ['alloc.bind-error'],
  holds: ({ 'alloc.bind-error': error, 'alloc.record': record, 'group.spec': { tasks } }) => {
    const port = portOf(error, record)
    if (!error || port === undefined) return false
    const found = tasks.find(({ name }) => name === error.task)
    return `Task ${error.task}${found && found.user !== '' ? `, running as ${found.user},` : ''} may not bind port ${port}`
  },
  byHand:
    'On the client, in the namespace of the task: sysctl net.ipv4.ip_unprivileged_port_start; /proc/<pid>/status shows Uid and CapEff (bit 10 is CAP_NET_BIND_SERVICE).',
  explains: [
    'nsd-check-failing',
    'nsd-unhealthy-returned',
    'consul-service-critical-filtered',
    'connect-destination-unhealthy',
  ],
  because:
    'In the namespace of the host only root, or a process with CAP_NET_BIND_SERVICE, may bind ports below 1024. Docker lifts the rule in namespaces it makes, those of bridge groups included, but not with network_mode = "host". exec and java tasks get the capability by default unless allow_caps or cap_drop take it away; raw_exec as another user than root, and non-root images in host mode, do not have it.',
  fix: ({ 'alloc.record': record, 'alloc.bind-error': error }) => {
    const port = portOf(error, record) ?? 80
    return [
      {
        do: `Use mode = "bridge" and a port with static = ${port} and to = 8080, and let the task listen on 8080`,
        on: 'job file',
        risk: 'The allocation is replaced; the task sees the address of its own namespace',
      },
      {
        do: 'Or run the task as root, or give it cap_add = ["net_bind_service"] where its driver has that',
        on: 'job file',
        risk: 'The task has more rights than before',
      },
      {
        do: `Or allow it on the whole client: net.ipv4.ip_unprivileged_port_start=${port}`,
        on: `client ${record.nodeName}`,
        run: ['sysctl', '-w', `net.ipv4.ip_unprivileged_port_start=${port}`],
        risk: 'Every user of the client may bind ports from there on',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#mode',
    'https://github.com/hashicorp/nomad/issues/5528',
    'https://man7.org/linux/man-pages/man7/ip.7.html',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'raw_exec as another user',
      given: {
        'group.spec': group({ tasks: [task({ name: 'nginx', driver: 'raw_exec', user: 'www-data' })] }),
        'alloc.record': record('a1', {
          ports: [{ label: 'http', hostIp: '10.0.0.1', hostPort: 80, to: 0, hostNetwork: 'default' }],
        }),
        'alloc.bind-error': { kind: 'denied', task: 'nginx', text: 'PermissionError: [Errno 13] Permission denied' },
      },
      then: 'present',
    },
    {
      name: 'the text names the port',
      given: {
        'group.spec': group(),
        'alloc.record': record('a1'),
        'alloc.bind-error': {
          kind: 'denied',
          task: 'server',
          text: 'listen tcp :443: bind: permission denied',
          port: 443,
        },
      },
      then: 'present',
    },
    {
      name: 'a high port',
      given: {
        'group.spec': group(),
        'alloc.record': record('a1'),
        'alloc.bind-error': {
          kind: 'denied',
          task: 'server',
          text: 'listen tcp :8080: bind: permission denied',
          port: 8080,
        },
      },
      then: 'absent',
    },
    {
      name: 'no complaint',
      given: { 'group.spec': group(), 'alloc.record': record('a1'), 'alloc.bind-error': null },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['host'] },
    needs: ['group.spec'],
    holds: ({ 'group.spec': spec }) => {
      const found = rightless(spec)
      return found
        ? {
            says: `Task ${found.task.name} shares the client's network namespace and runs as user ${found.task.user}, which may not bind port ${found.port.static} there`,
            at: [found.task.config, 'network_mode'],
          }
        : false
    },
    fix: ({ 'group.spec': spec }) => {
      const found = rightless(spec)
      return [
        {
          do: `Give port "${found?.port.label ?? ''}" a number of 1024 or more, or delete network_mode and let docker publish ${found?.port.static ?? 'it'}`,
          on: 'job file',
          risk: 'The allocation is replaced; callers have to know the other number',
        },
      ]
    },
    examples: [
      {
        name: 'user 1000 and port 80',
        given: {
          'group.network.mode': 'host',
          'group.spec': group({
            network: { mode: '', ports: [{ label: 'http', static: 80, hostNetwork: 'default' }] },
            tasks: [task({ user: '1000', config: { network_mode: 'host' } })],
          }),
        },
        then: 'present',
      },
      {
        name: 'root',
        given: {
          'group.network.mode': 'host',
          'group.spec': group({
            network: { mode: '', ports: [{ label: 'http', static: 80, hostNetwork: 'default' }] },
            tasks: [task({ config: { network_mode: 'host' } })],
          }),
        },
        then: 'absent',
      },
      {
        name: 'a namespace of its own has no such limit in docker',
        given: { 'group.network.mode': 'bridge', 'group.spec': group() },
        then: 'absent',
      },
    ],
  },
})
