import type { GroupSpec, JobSpec, TaskSpec } from '../../shapes/job.ts'
import { placedTexts } from '../../templates.ts'
import type { Said } from '../../shapes/said.ts'
import { declares, loops, others, pinned } from '../../said.ts'
import { said } from '../../said-samples.ts'
import { isLoopback } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import type { Listener } from '../../shapes/packet.ts'
import { group, job, record, task } from '../../samples.ts'
import { staticPort } from '../../port-ranges.ts'

const socket: Listener = { proto: 'tcp', address: '*', port: 8080, processes: [] }
const bare = group({ network: { mode: 'bridge', ports: [] }, services: [] })

/** Another group calls, on the client this group is pinned to, a port that only a task inside the bridge listens on. */
function shut(listens: readonly Said[], own: GroupSpec, job: JobSpec) {
  const client = pinned(own) ?? pinned(job)
  if (client === undefined) return undefined
  for (const place of listens) {
    const { port, host, by } = place
    if (port === undefined || by !== 'text' || loops(host) || job.groups.some((one) => declares(one, port))) continue
    const there = others(job, own).flatMap(({ tasks }) => tasks)
    const name = client.split('.')[0] ?? client
    const caller = there.find((one) => [client, name].some((text) => callsHost(one, text, port)))
    if (caller) return { place, port, client, caller }
  }
  return undefined
}
const callsHost = (one: TaskSpec, name: string, port: number): boolean =>
  placedTexts(one).some(({ text }) =>
    [...text.matchAll(/(?<![\w.-])([a-z0-9-]+)(?:\.[a-z0-9-]+)*:(\d+)(?!\d)/gi)].some(
      ([, first, digits]) => first === name && digits === String(port),
    ),
  )
const exporter = group({
  name: 'exporter',
  services: [],
  network: { mode: 'bridge', ports: [] },
  constraints: [{ left: '${attr.unique.hostname}', operand: '=', right: 'edge-1' }],
})
const scrapes = group({ name: 'prometheus', tasks: [task({ env: { TARGET: 'edge-1.corp.example:9113' } })] })

export const bridgeNoPortBlock = fault({
  id: 'bridge-no-port-block',
  about: 'path',
  title: 'The bridge group has no port block for this port, so nothing leads there from other machines',
  layer: 'port',
  severity: 'breaks',
  heard: ['dial tcp <address>:<port>: connect: connection refused', 'dial tcp :<port>: connect: connection refused'],
  onlyWhen: {
    'target.group.network.mode': ['bridge'],
    'path.place': ['other-client', 'outside'],
    'path.discovery': [
      'env-variable',
      'nomad-template',
      'consul-template',
      'consul-dns',
      'fixed-address',
      'load-balancer',
    ],
  },
  needs: ['path.port', 'target.alloc.netns.listeners', 'target.group.spec', 'target.alloc.record', 'path.service'],
  shows: ['target.group.spec', 'target.alloc.netns.listeners'],
  holds: ({
    'path.port': { mapped, number },
    'target.alloc.netns.listeners': sockets,
    'target.group.spec': spec,
    'target.alloc.record': alloc,
    'path.service': service,
  }) =>
    // The address of the allocation is announced on purpose: see address-mode-alloc-remote.
    !service?.addressMode.startsWith('alloc') &&
    mapped === null &&
    number !== null &&
    sockets.some((one) => one.port === number && !isLoopback(one.address))
      ? `The server listens on ${number} inside its namespace on ${alloc.nodeName}, but group ${spec.name} has no port block that leads there: from other machines it cannot be reached`
      : false,
  byHand:
    'nomad alloc status prints no allocation address for the port; in the namespace of the allocation ss -ltn shows the listener.',
  explains: ['nsd-literal-port-empty-address'],
  because:
    'In bridge mode a server is in a network namespace behind the bridge of its client. Processes of the same client reach it by the address of the allocation; everybody else needs a host port that is forwarded, and only a port block makes one. A service with the bare number is registered all the same, without an address of its own, and points at nothing.',
  fix: ({ 'path.port': { number }, 'target.group.spec': spec }) => [
    {
      do: `Add port "http" { to = ${number ?? '<port>'} } to the network of group ${spec.name}`,
      on: 'job file',
      risk: 'The allocation is replaced; the port becomes reachable from the network',
    },
    {
      do: 'Name that label in the service (port = "http") instead of the number',
      on: 'job file',
      risk: 'The service is registered anew',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking#bridge-networking',
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#port-parameters',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a server without a port block, called from another client',
      given: {
        'target.group.network.mode': 'bridge',
        'path.place': 'other-client',
        'path.discovery': 'nomad-template',
        'path.port': { label: null, number: 8080, mapped: null },
        'target.alloc.netns.listeners': [socket],
        'target.group.spec': bare,
        'target.alloc.record': record('a1'),
        'path.service': null,
      },
      then: 'present',
    },
    {
      name: 'it listens for its own group only',
      given: {
        'target.group.network.mode': 'bridge',
        'path.place': 'other-client',
        'path.discovery': 'nomad-template',
        'path.port': { label: null, number: 8080, mapped: null },
        'target.alloc.netns.listeners': [{ ...socket, address: '127.0.0.1' }],
        'target.group.spec': bare,
        'target.alloc.record': record('a1'),
        'path.service': null,
      },
      then: 'absent',
    },
    {
      name: 'in the host namespace no mapping is needed',
      given: {
        'target.group.network.mode': 'host',
        'path.place': 'other-client',
        'path.discovery': 'nomad-template',
        'path.port': { label: null, number: 8080, mapped: null },
        'target.alloc.netns.listeners': [],
        'target.group.spec': bare,
        'target.alloc.record': record('a1'),
        'path.service': null,
      },
      then: 'absent',
    },
    {
      name: 'on the same client the allocation address is enough',
      given: {
        'target.group.network.mode': 'bridge',
        'path.place': 'same-client',
        'path.discovery': 'fixed-address',
        'path.port': { label: null, number: 8080, mapped: null },
        'target.alloc.netns.listeners': [socket],
        'target.group.spec': bare,
        'target.alloc.record': record('a1'),
        'path.service': null,
      },
      then: 'absent',
    },
    {
      name: 'the mesh leads there',
      given: {
        'target.group.network.mode': 'bridge',
        'path.place': 'other-client',
        'path.discovery': 'mesh-upstream',
        'path.port': { label: null, number: 8080, mapped: null },
        'target.alloc.netns.listeners': [socket],
        'target.group.spec': bare,
        'target.alloc.record': record('a1'),
        'path.service': null,
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['bridge'] },
    needs: ['group.listens', 'group.spec', 'job.spec'],
    shows: ['group.listens', 'job.spec'],
    holds: ({ 'group.listens': listens, 'group.spec': own, 'job.spec': job }) => {
      const found = shut(listens, own, job)
      return found
        ? {
            says: `Task ${found.caller.name} calls port ${found.port} of ${found.client}, but task ${found.place.task} listens there inside the bridge, and group ${own.name} has no port block for it`,
            at: own.network ?? own,
          }
        : false
    },
    fix: ({ 'group.listens': listens, 'group.spec': own, 'job.spec': job }) => {
      const port = shut(listens, own, job)?.port
      return [
        {
          do: `Add a port block with to = ${port ?? '<port>'} to the network of group ${own.name} and find it by a service; where callers need a fixed number, set ${staticPort(port, 'that block')}`,
          on: 'job file',
          risk: 'The allocation is replaced; a static port needs to be free on the client',
        },
      ]
    },
    examples: [
      {
        name: 'an exporter without a port',
        given: {
          'group.network.mode': 'bridge',
          'group.listens': [said({ port: 9113 })],
          'group.spec': exporter,
          'job.spec': job({ groups: [exporter, scrapes] }),
        },
        then: 'present',
      },
      {
        name: 'nobody calls it',
        given: {
          'group.network.mode': 'bridge',
          'group.listens': [said({ port: 9113 })],
          'group.spec': exporter,
          'job.spec': job({ groups: [exporter] }),
        },
        then: 'absent',
      },
      {
        name: 'host mode needs none',
        given: { 'group.network.mode': 'host', 'group.listens': [], 'group.spec': group(), 'job.spec': job() },
        then: 'absent',
      },
    ],
  },
})
