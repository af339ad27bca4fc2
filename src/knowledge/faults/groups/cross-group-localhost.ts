import { lookedUpCall, serviceOf } from '../../edit-lookup.ts'
import { edits } from '../../edit.ts'
import { apartFrom } from '../../said.ts'
import { called, said } from '../../said-samples.ts'
import type { Dial } from '../../facts/path.ts'
import { isLoopback } from '../../discovery.ts'
import { calledElsewhere } from '../../own-listeners.ts'
import { bracketed, begun } from '../../words.ts'
import { fault } from '../../fault.ts'
import { dialledBy } from '../../origin-of.ts'
import type { PortWay } from '../../shapes/port.ts'
import { group, job, service, task, way } from '../../samples.ts'

/** A port dialled on loopback that is the target's, and that nothing in the caller's own namespace answers. */
const lonely = (dials: readonly Dial[], ways: readonly PortWay[], local: readonly number[]) =>
  dials.find(
    ({ host, port }) =>
      isLoopback(host) &&
      port !== undefined &&
      !local.includes(port) &&
      ways.some(({ inside, hostPort, to }) => [inside, hostPort, to].includes(port)),
  )

const other = (name: string, label: string, to: number) =>
  group({ name, network: { mode: 'bridge', ports: [{ label, to, hostNetwork: 'default' }] } })

const calling = {
  'path.discovery': 'localhost',
  'path.place': 'other-client',
  'path.caller-namespace': 'group',
  'path.dials': [{ host: '127.0.0.1', port: 8080, from: 'env REDIS of task app' }],
  'path.local-listeners': [],
  'target.alloc.port-ways': [way()],
  'source.group.spec': group({ name: 'web' }),
  'target.group.spec': group(),
} as const
const written = {
  'group.calls': [called()],
  'group.listens': [],
  'group.spec': group({ name: 'web' }),
  'job.spec': job({ groups: [group({ name: 'web' }), other('cache', 'redis', 6379)] }),
  'group.task-namespaces': { server: 'group' },
} as const
const asked = (call: Parameters<typeof called>[0]) => ({ ...written, 'group.calls': [called(call)] })

export const crossGroupLocalhost = fault({
  id: 'cross-group-localhost',
  about: 'path',
  title: 'The caller looks on localhost for a task of another group',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'dial tcp 127.0.0.1:<port>: connect: connection refused',
    "nc: can't connect to remote host (127.0.0.1): Connection refused",
    'connect ECONNREFUSED 127.0.0.1:<port>',
  ],
  onlyWhen: {
    'path.discovery': ['localhost'],
    'path.place': ['same-client', 'other-client'],
    'path.caller-namespace': ['group', 'container'],
  },
  needs: ['path.dials', 'path.local-listeners', 'target.alloc.port-ways', 'source.group.spec', 'target.group.spec'],
  shows: ['path.dials', 'path.local-listeners'],
  holds: ({
    'path.dials': dials,
    'path.local-listeners': local,
    'target.alloc.port-ways': ways,
    'source.group.spec': from,
    'target.group.spec': to,
  }) => {
    const dial = lonely(dials, ways, local)
    return dial
      ? `${dialledBy(dial)} ${bracketed(dial.host)}:${dial.port}, but nothing listens there in the namespace of group ${from.name}: ${to.name} is another group, ${apartFrom(to)}`
      : false
  },
  intended: 'where the task itself listens there, or starts something that does',
  byHand:
    "In the namespace of the caller's allocation, ss -ltn shows no listener on the port it dials; the server is a task of another group.",
  explains: [],
  because:
    "localhost reaches what is in the same network namespace. In bridge mode that is the caller's own group; in host mode with docker it is the one container. A group is placed on its own, possibly on another client, so its address and port have to be found: by a service, a mesh upstream, or not at all.",
  fix: ({ 'target.group.spec': to }) => [
    {
      do: `Let the caller find ${to.name} by its service: a template with nomadService or service, or a mesh upstream`,
      on: 'job file of the caller',
      risk: 'The allocation of the caller is replaced',
    },
    {
      do: 'Or put both tasks into one group with mode = "bridge", if they must always run together',
      on: 'job file',
      risk: 'The allocations are replaced, and scale together from then on',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking',
    'https://developer.hashicorp.com/nomad/docs/job-specification/network',
  ],
  since: '0.1.0',
  examples: [
    { name: 'redis is in another group', given: calling, then: 'present' },
    {
      name: 'the other group has no namespace of its own, but localhost of the caller is not the client',
      given: {
        ...calling,
        'path.place': 'same-client',
        'target.group.spec': group({
          network: { mode: 'host', ports: [{ label: 'http', static: 8080, hostNetwork: 'default' }] },
        }),
      },
      then: 'present',
    },
    {
      name: 'something in the own namespace answers',
      given: { ...calling, 'path.local-listeners': [8080] },
      then: 'absent',
    },
    {
      name: 'the same group',
      given: {
        ...calling,
        'path.place': 'same-alloc',
        'path.dials': [],
        'target.alloc.port-ways': [],
        'source.group.spec': group(),
      },
      then: 'absent',
    },
    {
      name: 'in the namespace of the host, loopback reaches mapped ports of the client',
      given: {
        ...calling,
        'path.place': 'same-client',
        'path.caller-namespace': 'host',
        'path.dials': [{ host: '127.0.0.1', port: 25000, from: 'env TARGET of task loop' }],
        'source.group.spec': group(),
      },
      then: 'absent',
    },
    {
      name: 'the caller asks a catalogue',
      given: { ...calling, 'path.discovery': 'nomad-template', 'path.dials': [], 'target.alloc.port-ways': [] },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    needs: ['group.calls', 'group.listens', 'group.spec', 'job.spec', 'group.task-namespaces'],
    shows: ['group.calls'],
    holds: (given) => {
      const own = given['group.spec']
      const found = calledElsewhere(given)
      return found
        ? {
            says: `${begun(found.call.from)} says ${bracketed(found.call.host)}:${found.call.port}, but nothing of group ${own.name} ${found.sure ? 'listens' : 'is known to listen'} there: the port is of group ${found.there.name}, ${apartFrom(found.there)}`,
            at: found.call.at,
            severity: found.sure ? 'breaks' : 'risks',
          }
        : false
    },
    fix: (given) => {
      const found = calledElsewhere(given)
      const caller = given['group.spec'].tasks.find(({ name }) => name === found?.call.task)
      return [
        {
          do: `Let the caller find group ${found?.there.name ?? ''} by its service: a template with nomadService or service, or a mesh upstream`,
          on: 'job file',
          risk: 'The allocation is replaced',
          ...edits(
            found && caller && lookedUpCall(found.call, caller, serviceOf(found.there, found.call.port)),
            'the address does not stand in one text that a template can write, or the other group has no service of its own to be looked up',
          ),
        },
      ]
    },
    examples: [
      { name: 'redis is in another group', given: written, then: 'present' },
      {
        name: 'the caller asks itself, as far as anybody knows',
        given: asked({ text: 'HEALTH_URL http://127.0.0.1:6379/redis/health' }),
        then: 'absent',
      },
      {
        name: 'a database by another word',
        given: {
          ...asked({ port: 5432, host: 'localhost', text: 'DATABASE_URL postgres://app@localhost:5432/app' }),
          'job.spec': job({ groups: [group({ name: 'web' }), other('db', 'sql', 5432)] }),
        },
        then: 'present',
      },
      {
        name: 'the other group has a service with the number, and no port block',
        given: {
          ...asked({ port: 9001, host: 'localhost', text: 'COUNT_API_URL http://localhost:9001' }),
          'job.spec': job({
            groups: [
              group({ name: 'web' }),
              group({
                name: 'api',
                network: { mode: 'bridge', ports: [] },
                services: [service({ name: 'count-api', port: '9001' })],
              }),
            ],
          }),
        },
        then: 'present',
      },
      {
        name: 'an address whose name says nothing, and nothing else runs in the group',
        given: asked({ text: 'UPSTREAM http://127.0.0.1:6379' }),
        then: 'present',
      },
      {
        name: 'the caller is told that port for itself',
        given: {
          ...written,
          'group.listens': [said({ port: 80 })],
          'group.spec': group({ name: 'web', tasks: [task({ env: { MANAGEMENT_PORT: '6379' } })] }),
        },
        then: 'absent',
      },
      {
        name: 'the caller listens on another port',
        given: {
          ...asked({ text: 'BACKEND_URL http://127.0.0.1:6379/' }),
          'group.listens': [said({ port: 80 })],
        },
        then: 'present',
      },
      {
        name: 'a sibling names the port too',
        given: {
          ...written,
          'group.spec': group({
            name: 'web',
            tasks: [task(), task({ name: 'proxy', config: { args: ['-p', '6379'] } })],
          }),
        },
        then: 'absent',
      },
    ],
  },
})
