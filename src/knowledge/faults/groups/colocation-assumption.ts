import type { GroupSpec, JobSpec, TaskSpec } from '../../shapes/job.ts'
import { others, pinned } from '../../said.ts'
import type { Dial } from '../../facts/path.ts'
import { isLoopback } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { dialledBy } from '../../origin-of.ts'
import type { PortWay } from '../../shapes/port.ts'
import { group, job, record, task, way } from '../../samples.ts'

/** A port of the target, dialled on the caller's own client. */
const here = (dials: readonly Dial[], ways: readonly PortWay[], addresses: readonly string[], onHost: boolean) =>
  dials.find(
    ({ host, port }) =>
      (addresses.includes(host) || (onHost && isLoopback(host))) &&
      port !== undefined &&
      ways.some(({ hostPort, to }) => port === hostPort || port === to),
  )

const client = /^(?:\w+:\/\/)?\$\{(?:attr\.unique\.network\.ip-address|NOMAD_(?:HOST_)?IP_\w+)\}(?::(\d+))?/
/** `X_HOST` is the task's own client and `X_PORT` a number; or both in one text. */
const ownClient = ({ env }: TaskSpec) =>
  Object.entries(env).flatMap(([name, text]) => {
    const [whole, port] = client.exec(text) ?? []
    if (whole === undefined || /listen|bind|advert|announce|self/i.test(name)) return []
    const beside = env[name.replace(/(HOST|ADDR|ADDRESS|IP)$/, 'PORT')]
    const number = Number(port ?? beside)
    return number > 0 ? [{ name, port: number }] : []
  })
function elsewhere(own: GroupSpec, job: JobSpec) {
  if (job.type.startsWith('sys')) return undefined
  for (const task of own.tasks)
    for (const dial of ownClient(task)) {
      if (own.network?.ports.some((one) => one.static === dial.port)) continue
      const there = others(job, own).find(({ network }) => network?.ports.some((one) => one.static === dial.port))
      const together = pinned(own) ?? pinned(job)
      if (there && !(together !== undefined && together === (pinned(there) ?? pinned(job))))
        return { task, dial, there }
    }
  return undefined
}
const db = group({
  name: 'db',
  network: { mode: '', ports: [{ label: 'mysql', static: 3306, hostNetwork: 'default' }] },
})
const web = group({
  name: 'web',
  tasks: [task({ env: { DB_HOST: '${attr.unique.network.ip-address}', DB_PORT: '3306' } })],
})

export const colocationAssumption = fault({
  id: 'colocation-assumption',
  about: 'path',
  title: 'The caller looks for the target on its own client, and the target runs on another one',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'dial tcp <address>:<port>: connect: connection refused',
    "nc: can't connect to remote host (<address>): Connection refused",
  ],
  onlyWhen: { 'path.place': ['other-client'], 'path.discovery': ['fixed-address', 'localhost', 'env-variable'] },
  needs: [
    'path.dials',
    'target.alloc.port-ways',
    'source.node.addresses',
    'path.caller-namespace',
    'target.alloc.record',
    'source.alloc.record',
    'target.group.current',
  ],
  shows: ['path.dials', 'target.alloc.record', 'source.alloc.record'],
  holds: ({
    'path.dials': dials,
    'target.alloc.port-ways': ways,
    'source.node.addresses': addresses,
    'path.caller-namespace': caller,
    'target.alloc.record': to,
    'source.alloc.record': from,
    'target.group.current': current,
  }) => {
    // Where one of several allocations is on the caller's client, as with a system job, the caller finds that one.
    if (current.some(({ node }) => node === from.node)) return false
    const dial = here(dials, ways, addresses, caller === 'host')
    return dial
      ? `${dialledBy(dial)} ${dial.host}:${dial.port}, its own client ${from.nodeName}, but ${to.job} runs on ${to.nodeName}`
      : false
  },
  byHand:
    'nomad job status of both jobs: the allocations are on different clients, and the caller dials an address of its own client.',
  explains: [],
  because:
    'Nothing in Nomad keeps two groups on one client. An address of the own client works as long as both happen to be there, on a single machine always, and ends with the next drain, reschedule or new client. The port is then refused, because nothing has it there.',
  fix: ({ 'target.alloc.record': to }) => [
    {
      do: `Let the caller find ${to.job} by its service (a nomadService or service template, or a mesh upstream)`,
      on: 'job file of the caller',
      risk: 'The allocation of the caller is replaced',
    },
    {
      do: 'If both must be on one client, make them one group, or constrain both to it',
      on: 'job file',
      risk: 'The allocations are replaced; one client becomes the only place for both',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking',
    'https://developer.hashicorp.com/nomad/docs/job-specification/template#nomad-services',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the own client is dialled, the target is elsewhere',
      given: {
        'path.place': 'other-client',
        'path.discovery': 'fixed-address',
        'path.dials': [{ host: '10.0.0.2', port: 6379, from: 'env REDIS of task loop' }],
        'target.alloc.port-ways': [way({ hostPort: 6379 })],
        'source.node.addresses': ['10.0.0.2'],
        'path.caller-namespace': 'group',
        'target.alloc.record': record('a1'),
        'source.alloc.record': record('a2', { node: 'n2', nodeName: 'c2' }),
        'target.group.current': [record('a1')],
      },
      then: 'present',
    },
    {
      name: "the target's client is dialled",
      given: {
        'path.place': 'other-client',
        'path.discovery': 'fixed-address',
        'path.dials': [{ host: '10.0.0.1', port: 6379, from: 'env REDIS of task loop' }],
        'target.alloc.port-ways': [way({ hostPort: 6379 })],
        'source.node.addresses': ['10.0.0.2'],
        'path.caller-namespace': 'group',
        'target.alloc.record': record('a1'),
        'source.alloc.record': record('a2', { node: 'n2', nodeName: 'c2' }),
        'target.group.current': [record('a1')],
      },
      then: 'absent',
    },
    {
      name: 'an allocation of a system job is on every client',
      given: {
        'path.place': 'other-client',
        'path.discovery': 'fixed-address',
        'path.dials': [{ host: '10.0.0.2', port: 6379, from: 'env STATSD of task loop' }],
        'target.alloc.port-ways': [way({ hostPort: 6379 })],
        'source.node.addresses': ['10.0.0.2'],
        'path.caller-namespace': 'group',
        'target.alloc.record': record('a1'),
        'source.alloc.record': record('a2', { node: 'n2', nodeName: 'c2' }),
        'target.group.current': [record('a1'), record('a3', { node: 'n2', nodeName: 'c2' })],
      },
      then: 'absent',
    },
    {
      name: 'both are on one client',
      given: {
        'path.place': 'same-client',
        'path.discovery': 'fixed-address',
        'path.dials': [{ host: '10.0.0.1', port: 6379, from: 'env REDIS of task loop' }],
        'target.alloc.port-ways': [way({ hostPort: 6379 })],
        'source.node.addresses': ['10.0.0.1'],
        'path.caller-namespace': 'group',
        'target.alloc.record': record('a1'),
        'source.alloc.record': record('a2'),
        'target.group.current': [record('a1')],
      },
      then: 'absent',
    },
    {
      name: 'the caller asks a catalogue',
      given: {
        'path.place': 'other-client',
        'path.discovery': 'nomad-template',
        'path.dials': [],
        'target.alloc.port-ways': [],
        'source.node.addresses': [],
        'path.caller-namespace': 'group',
        'target.alloc.record': record('a1'),
        'source.alloc.record': record('a2'),
        'target.group.current': [record('a1')],
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    needs: ['group.spec', 'job.spec'],
    holds: ({ 'group.spec': own, 'job.spec': job }) => {
      const found = elsewhere(own, job)
      return found
        ? {
            says: `Variable ${found.dial.name} of task ${found.task.name} is its own client, and port ${found.dial.port} is of group ${found.there.name}, which may run on another one`,
            severity: 'degrades',
            at: [found.task.env, found.dial.name],
          }
        : false
    },
    fix: ({ 'group.spec': own, 'job.spec': job }) => [
      {
        do: `Take address and port of group ${elsewhere(own, job)?.there.name ?? ''} from its service, by a template with nomadService or service`,
        on: 'job file',
        risk: 'The allocation is replaced',
        note: 'By hand: address and port stand in several variables',
      },
    ],
    examples: [
      {
        name: 'the own client for the database',
        given: { 'group.spec': web, 'job.spec': job({ groups: [db, web] }) },
        then: 'present',
      },
      {
        name: 'a system job has one on each client',
        given: { 'group.spec': web, 'job.spec': job({ type: 'system', groups: [db, web] }) },
        then: 'absent',
      },
    ],
  },
})
