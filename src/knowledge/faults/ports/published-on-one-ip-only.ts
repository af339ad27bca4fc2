import { edits, type Edit } from '../../edit.ts'
import { clientAddress } from '../../edit-lookup.ts'
import { resaid } from '../../edit-said.ts'
import type { JobSpec, TaskText } from '../../shapes/job.ts'
import type { Called } from '../../shapes/said.ts'
import { published } from '../../said.ts'
import { called } from '../../said-samples.ts'
import { fault } from '../../fault.ts'
import type { Dial } from '../../facts/path.ts'
import { group, job, link, record, task, way } from '../../samples.ts'
import type { Namespace, PortWay } from '../../shapes/port.ts'
import type { AllocPort, AllocRecord } from '../../shapes/runtime.ts'

const everywhere = ['', '0.0.0.0', '::']
const loops = (host: string): boolean => host === 'localhost' || host.startsWith('127.') || host === '::1'

/** The right port of the client, at an address docker does not publish it on. */
function elsewhere(
  dials: readonly Dial[],
  mapped: AllocPort | null,
  ways: readonly PortWay[],
  others: readonly string[],
) {
  const own = ways.find(({ label }) => label === mapped?.label)
  if (!mapped || own?.mapper !== 'driver' || everywhere.includes(mapped.hostIp)) return undefined
  return dials.find(
    ({ host, port }) =>
      host !== '' &&
      host !== mapped.hostIp &&
      (port === undefined || port === mapped.hostPort) &&
      (loops(host) || others.includes(host)),
  )
}

const mapped: AllocPort = { label: 'http', hostIp: '10.0.0.1', hostPort: 5000, to: 5000, hostNetwork: 'default' }
const own: AllocRecord = record('a1', { ports: [mapped] })
const base = {
  'target.group.network.mode': 'host',
  'path.discovery': 'fixed-address',
  'path.place': 'same-client',
  'path.caller-namespace': 'host',
  'path.port': { label: 'http', number: null, mapped },
  'target.alloc.port-ways': [way({ hostPort: 5000, mapper: 'driver', namespace: 'container' })],
  'target.alloc.record': own,
  'target.node.links': [link('lo', '127.0.0.1'), link('eth0', '10.0.0.1', '10.0.0.50')],
} as const

/** The address of the client in the place of loopback. */
function outward(call: Called): readonly Edit[] | undefined {
  const [block] = Array.isArray(call.at) ? (call.at as unknown as readonly [Pick<TaskText, 'kind'>]) : []
  return block && resaid(call, `${call.host}:${call.port}`, `${clientAddress(block)}:${call.port}`)
}

/** In the host's namespace, a static port of the job's that docker publishes is dialled on loopback. */
const onLoopback = (calls: readonly Called[], spaces: Readonly<Record<string, Namespace>>, { groups }: JobSpec) =>
  calls
    .filter(({ task: name, host }) => spaces[name] === 'host' && loops(host))
    .find(({ port }) => groups.some((one) => published(one, port) !== undefined))
const mirror = group({
  network: { mode: '', ports: [{ label: 'http', static: 5000, to: 5000, hostNetwork: 'default' }] },
  tasks: [task({ config: { ports: ['http'] } })],
})

export const publishedOnOneIpOnly = fault({
  id: 'published-on-one-ip-only',
  aliases: ['vip-or-anycast-not-bound'],
  about: 'path',
  title: 'Docker publishes the port on one address of the client, and the caller uses another',
  layer: 'port',
  severity: 'breaks',
  heard: [
    'dial tcp 127.0.0.1:<port>: connect: connection refused',
    'connect: connection refused',
    'curl: (7) Failed to connect to localhost port <port>',
  ],
  onlyWhen: {
    'target.group.network.mode': ['host'],
    'path.discovery': ['localhost', 'env-variable', 'fixed-address', 'load-balancer'],
  },
  needs: [
    'path.dials',
    'path.port',
    'path.caller-namespace',
    'path.place',
    'target.alloc.port-ways',
    'target.alloc.record',
    'target.node.links',
  ],
  shows: ['path.dials', 'target.alloc.port-ways', 'target.node.links'],
  holds: ({
    'path.dials': dials,
    'path.port': { mapped },
    'path.caller-namespace': caller,
    'path.place': place,
    'target.alloc.port-ways': ways,
    'target.alloc.record': { nodeName },
    'target.node.links': links,
  }) => {
    const others = links.flatMap(({ addresses }) => addresses.map(({ address }) => address))
    const dial = elsewhere(dials, mapped, ways, others)
    // Loopback of another namespace or client is another fault.
    if (!dial || !mapped || (loops(dial.host) && (caller !== 'host' || place !== 'same-client'))) return false
    return `The caller uses ${dial.host}:${dial.port ?? mapped.hostPort} (${dial.from}), but docker publishes port ${mapped.label} on ${mapped.hostIp} of ${nodeName} alone`
  },
  byHand:
    'docker ps or ss -ltn on the client: the port is at <address>:<port>, not at 0.0.0.0; a connection to that address works.',
  explains: [],
  because:
    'Outside bridge mode docker publishes each port on the one address the scheduler chose for it, never on all of them. Loopback, a second card, a virtual address of keepalived or an anycast address have no socket and refuse. The bridge of Nomad is different: without host_network blocks its mapping takes every local address.',
  fix: ({ 'path.port': { mapped } }) => [
    {
      do: `Use ${mapped?.hostIp ?? 'the host address'}:${mapped?.hostPort ?? ''}, best by the service, which announces it`,
      on: 'job file of the caller',
      risk: 'The allocation of the caller is replaced',
    },
    {
      do: 'Or define a host_network for the wanted address on the client (it must exist when the agent starts) and name it in the port block',
      on: 'client configuration',
      risk: 'The agent restarts; the allocation is replaced',
    },
    {
      do: 'Or run the target in bridge mode, where the port answers on every address of the client',
      on: 'job file',
      risk: 'The allocation is replaced; the port is open on public addresses as well',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/docker#ports',
    'https://github.com/hashicorp/nomad/issues/12106',
    'https://github.com/hashicorp/nomad/issues/18338',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'loopback of the client',
      given: { ...base, 'path.dials': [{ host: '127.0.0.1', port: 5000, from: 'env MIRROR of task pull' }] },
      then: 'present',
    },
    {
      name: 'a virtual address of the client',
      given: {
        ...base,
        'path.place': 'outside',
        'path.caller-namespace': 'outside',
        'path.dials': [{ host: '10.0.0.50', port: 5000, from: 'case' }],
      },
      then: 'present',
    },
    {
      name: 'the published address',
      given: { ...base, 'path.dials': [{ host: '10.0.0.1', port: 5000, from: 'case' }] },
      then: 'absent',
    },
    {
      name: "loopback of the caller's own namespace",
      given: {
        ...base,
        'path.caller-namespace': 'container',
        'path.dials': [{ host: '127.0.0.1', port: 5000, from: 'env MIRROR of task pull' }],
      },
      then: 'absent',
    },
    {
      name: 'in a bridge group another mapping is at work',
      given: {
        ...base,
        'target.group.network.mode': 'bridge',
        'path.dials': [{ host: '127.0.0.1', port: 5000, from: 'env MIRROR of task pull' }],
      },
      then: 'absent',
    },
    {
      name: 'the caller asks a catalogue, which has the published address',
      given: {
        ...base,
        'path.discovery': 'nomad-template',
        'path.dials': [{ host: '127.0.0.1', port: 5000, from: 'template' }],
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    needs: ['group.calls', 'group.task-namespaces', 'job.spec'],
    shows: ['group.calls', 'job.spec'],
    holds: ({ 'group.calls': calls, 'group.task-namespaces': spaces, 'job.spec': job }) => {
      const found = onLoopback(calls, spaces, job)
      return found
        ? {
            says: `Task ${found.task} calls ${found.host}:${found.port}, but docker publishes that port on the address of the client alone, not on loopback`,
            at: found.at,
          }
        : false
    },
    fix: ({ 'group.calls': calls, 'group.task-namespaces': spaces, 'job.spec': job }) => {
      const found = onLoopback(calls, spaces, job)
      return [
        {
          do: `Use \${attr.unique.network.ip-address}:${onLoopback(calls, spaces, job)?.port ?? '<port>'}, or NOMAD_ADDR_<label> in the group of the port`,
          on: 'job file',
          risk: 'The allocation is replaced',
          ...edits(found && outward(found), 'the text is put together elsewhere'),
        },
      ]
    },
    examples: [
      {
        name: 'a raw_exec task and 127.0.0.1:5000',
        given: {
          'group.calls': [called({ port: 5000 })],
          'group.task-namespaces': { server: 'host' },
          'job.spec': job({ groups: [mirror] }),
        },
        then: 'present',
      },
      {
        name: 'a container has a loopback of its own: another fault',
        given: {
          'group.calls': [called({ port: 5000 })],
          'group.task-namespaces': { server: 'container' },
          'job.spec': job({ groups: [mirror] }),
        },
        then: 'absent',
      },
    ],
  },
})
