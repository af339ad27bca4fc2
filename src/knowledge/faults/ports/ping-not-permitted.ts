import { configList, configText } from '../../container.ts'
import { servicesOf } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import type { At } from '../../place.ts'
import { group, service, task } from '../../samples.ts'
import type { GroupSpec, TaskSpec } from '../../shapes/job.ts'

const ping = /(?:^|\/)f?ping6?$/

/** Tasks without the capability to open raw sockets. Containers may do without it in new engines. */
const bare = (task: TaskSpec | undefined): boolean =>
  (task?.driver === 'exec' || task?.driver === 'java') &&
  ![...configList(task, 'cap_add'), ...configList(task, 'allow_caps')].some((cap) => /net_raw|^all$/i.test(cap))

/** A check or a task that runs ping where it is not allowed to. */
function pings(spec: GroupSpec): { readonly what: string; readonly task: string; readonly at: At } | undefined {
  const named = (name: string | undefined) => spec.tasks.find((task) => task.name === name) ?? only(spec.tasks)
  const check = servicesOf(spec)
    .flatMap((service) => service.checks.map((check) => ({ check, task: named(check.task ?? service.task) })))
    .find(({ check, task }) => ping.test(check.command ?? '') && bare(task))
  if (check?.task)
    return {
      what: `check "${check.check.name}" of task ${check.task.name}`,
      task: check.task.name,
      at: [check.check, 'command'],
    }
  const task = spec.tasks.find((one) => bare(one) && ping.test(configText(one, 'command')))
  return task && { what: `task ${task.name}`, task: task.name, at: [task.config, 'command'] }
}

const only = (tasks: readonly TaskSpec[]): TaskSpec | undefined => (tasks.length === 1 ? tasks[0] : undefined)

const checked = (command: string, config: Readonly<Record<string, unknown>> = {}): GroupSpec =>
  group({
    services: [
      service({
        provider: 'consul',
        checks: [
          {
            name: 'branch router',
            type: 'script',
            path: '',
            port: '',
            addressMode: '',
            expose: false,
            task: 'web',
            command,
          },
        ],
      }),
    ],
    tasks: [task({ driver: 'exec', config })],
  })

export const pingNotPermitted = fault({
  id: 'ping-not-permitted',
  about: 'group',
  title: 'Ping is used where tasks may not open raw sockets',
  layer: 'node',
  severity: 'risks',
  heard: [
    'ping: permission denied (are you root?)',
    'ping: socket: Operation not permitted',
    'ping: Lacking privilege for raw socket.',
  ],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = pings(spec)
    return found
      ? {
          says: `In group ${spec.name} ${found.what} runs ping without the capability NET_RAW: it fails whether the other end is there or not`,
          at: found.at,
        }
      : false
  },
  intended: 'where net.ipv4.ping_group_range of the clients lets everybody ping',
  byHand: 'nomad alloc exec -task <task> <alloc> ping -c 1 127.0.0.1 fails with "Operation not permitted".',
  explains: [],
  because:
    'Ping opens a raw socket, for which a process needs the capability NET_RAW. Nomad does not give it to tasks since 1.1.0, 1.0.5 and 0.12.12, not even to root. Unless the kernel lets everybody send echo requests (net.ipv4.ping_group_range), ping fails at once, so a check that rests on it is critical for ever and says nothing about the network.',
  fix: ({ 'group.spec': spec }) => [
    {
      do: 'Test with a TCP or HTTP connection to the real port instead of ping',
      on: 'job file',
      risk: 'none',
      note: 'By hand: the job does not say which port to test instead',
    },
    {
      do: `Or give task ${pings(spec)?.task ?? ''} cap_add = ["net_raw"], and add net_raw to allow_caps of the driver on the clients`,
      on: 'job file',
      risk: 'The task may forge packets',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/upgrade/upgrade-specific',
    'https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/exec#cap_add',
  ],
  versions: { nomad: '>= 1.0.5 || >= 0.12.12 < 1.0.0', of: 'group.client-versions' },
  since: '0.1.0',
  examples: [
    {
      name: 'a script check of an exec task',
      given: { 'group.client-versions': ['2.0.5'], 'group.spec': checked('/bin/ping') },
      then: 'present',
    },
    {
      name: 'the task itself',
      given: {
        'group.client-versions': ['2.0.5'],
        'group.spec': group({ tasks: [task({ driver: 'exec', config: { command: 'ping' } })] }),
      },
      then: 'present',
    },
    {
      name: 'the capability is added',
      given: { 'group.client-versions': ['2.0.5'], 'group.spec': checked('/bin/ping', { cap_add: ['net_raw'] }) },
      then: 'absent',
    },
    {
      name: 'a client that still allows it',
      given: { 'group.client-versions': ['1.0.4'], 'group.spec': checked('/bin/ping') },
      then: 'absent',
    },
    {
      name: 'another command',
      given: { 'group.client-versions': ['2.0.5'], 'group.spec': checked('/usr/bin/curl') },
      then: 'absent',
    },
  ],
})
