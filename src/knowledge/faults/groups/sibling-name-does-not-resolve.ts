import { edits, reword } from '../../edit.ts'
import { configList } from '../../container.ts'
import { dialledIn } from '../../dialled-host.ts'
import { servicesOf } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { group, service, task } from '../../samples.ts'
import type { GroupSpec, TaskText } from '../../shapes/job.ts'
import { begun } from '../../words.ts'

/** Something that may give bare names a meaning: a resolver of the job's own, hosts entries, aliases. */
const resolved = ({ network, tasks }: GroupSpec, name: string): boolean =>
  network?.dns !== undefined ||
  network?.hostname === name ||
  tasks.some(
    (task) =>
      ['dns_servers', 'dns_search_domains', 'network_aliases'].some((key) => configList(task, key).length > 0) ||
      configList(task, 'extra_hosts').some((entry) => entry.startsWith(`${name}:`)),
  )

function nameless(texts: readonly TaskText[], spec: GroupSpec) {
  const services = servicesOf(spec).map(({ name }) => name)
  return spec.tasks
    .map(({ name }) => name)
    .filter((name) => name !== 'localhost' && !services.includes(name) && !resolved(spec, name))
    .flatMap((name) =>
      texts
        .filter(({ from }) => !from.endsWith(`of task ${name}`))
        .flatMap((at) => dialledIn(at, name).map((dialled) => ({ name, at, ...dialled }))),
    )
}

/** Everywhere at once: a sibling called by name in one text only would still not be found in the others. */
const renamed = (found: ReturnType<typeof nameless>) =>
  found.map(({ name, at, lead, tail }) => reword(at, 'text', `${name}${tail}`, `127.0.0.1${tail}`, lead))

const cached = group({ services: [], tasks: [task({ name: 'memcached' }), task()] })
const env = (text: string): readonly TaskText[] => [
  { kind: 'env', from: 'env CACHE_HOSTS of task server', text, variable: 'CACHE_HOSTS' },
]

export const siblingNameDoesNotResolve = fault({
  id: 'sibling-name-does-not-resolve',
  about: 'task',
  title: 'A task calls its sibling by the name of the task, which is no host name',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'lookup <task> on <server>:53: no such host',
    'getaddrinfo ENOTFOUND <task>',
    'lookup <task>: no such host',
    'lookup <task> on <server>:53: server misbehaving',
    'host not found in upstream "<task>" in <file>:<line>',
    'could not translate host name "<task>" to address: Name or service not known',
    "bad address '<task>'",
    'Temporary failure in name resolution',
  ],
  onlyWhen: { 'task.namespace': ['group', 'container'] },
  needs: ['task.texts', 'group.spec', 'task.namespace'],
  shows: ['task.texts', 'group.spec'],
  holds: ({ 'task.texts': texts, 'group.spec': spec, 'task.namespace': namespace }) => {
    const [found] = nameless(texts, spec)
    return found
      ? {
          says: `${begun(found.at.from)} calls "${found.name}", the name of a task of group ${spec.name}: Nomad makes no host name of it${namespace === 'group' ? '; the task is on 127.0.0.1' : ''}`,
          at: [found.at, 'text', `${found.name}${found.tail}`, found.lead],
        }
      : false
  },
  byHand: 'In the calling task: getent hosts <task> prints nothing.',
  explains: [],
  because:
    "Docker Compose gives every service a host name; Nomad does not. In a bridge group the tasks share one hosts file with the allocation's own name only, and docker's default bridge has no name service at all. The resolver is that of the client, which has never heard of the task.",
  fix: ({ 'task.texts': texts, 'task.namespace': namespace, 'group.spec': spec }) => {
    const { name } = spec
    return [
      namespace === 'group'
        ? {
            do: 'Use 127.0.0.1 and the port the sibling listens on: all tasks of a bridge group share it',
            on: 'job file',
            risk: 'The allocation is replaced',
            ...edits(renamed(nameless(texts, spec)), 'the text is put together elsewhere', true),
          }
        : {
            do: `Set mode = "bridge" in the network of group ${name} and use 127.0.0.1, or stay in host mode and use NOMAD_ADDR_<label>`,
            on: 'job file',
            risk: 'The allocation is replaced',
          },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking#bridge-networking',
    'https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/docker#network_aliases',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'as in a compose file',
      given: { 'task.namespace': 'group', 'task.texts': env('memcached:11211'), 'group.spec': cached },
      then: 'present',
    },
    {
      name: 'two containers in host mode',
      given: { 'task.namespace': 'container', 'task.texts': env('tcp://memcached:11211'), 'group.spec': cached },
      then: 'present',
    },
    {
      name: 'a variable for the host alone',
      given: {
        'task.namespace': 'group',
        'task.texts': [{ kind: 'env', from: 'env PGHOST of task server', text: 'memcached', variable: 'PGHOST' }],
        'group.spec': cached,
      },
      then: 'present',
    },
    {
      name: 'on loopback',
      given: { 'task.namespace': 'group', 'task.texts': env('127.0.0.1:11211'), 'group.spec': cached },
      then: 'absent',
    },
    {
      name: 'a service has the name, so a search domain may find it',
      given: {
        'task.namespace': 'group',
        'task.texts': env('memcached:11211'),
        'group.spec': { ...cached, services: [service({ name: 'memcached' })] },
      },
      then: 'absent',
    },
    {
      name: 'an entry of extra_hosts',
      given: {
        'task.namespace': 'group',
        'task.texts': env('memcached:11211'),
        'group.spec': {
          ...cached,
          tasks: [task({ name: 'memcached' }), task({ config: { extra_hosts: ['memcached:127.0.0.1'] } })],
        },
      },
      then: 'absent',
    },
    {
      name: "a network of the operator's has a name service",
      given: { 'task.namespace': 'elsewhere', 'task.texts': env('memcached:11211'), 'group.spec': cached },
      then: 'absent',
    },
  ],
})
