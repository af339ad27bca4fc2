import { clientAddress } from '../../edit-lookup.ts'
import { edits, reword } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { group, task } from '../../samples.ts'
import type { GroupSpec, TaskSpec, TaskText } from '../../shapes/job.ts'
import { begun } from '../../words.ts'

/** Ports of agents that run on the host, and how a task that is such an agent itself gives itself away. */
const agents = [
  { port: 8500, agent: 'Consul', own: /consul/i },
  { port: 8501, agent: 'Consul', own: /consul/i },
  { port: 8502, agent: 'Consul', own: /consul|envoy/i },
  { port: 4646, agent: 'Nomad', own: /nomad/i },
  { port: 8200, agent: 'Vault', own: /vault|bao/i },
] as const

const loopback = (port: number): RegExp => new RegExp(String.raw`(?:127\.0\.0\.1|localhost|\[::1\]):${port}(?!\d)`)

/** A sibling may be the agent, or a tunnel to it; a port of the group or an upstream may stand there. */
const local = ({ network, services, tasks }: GroupSpec, port: number, own: RegExp): boolean =>
  (network?.ports ?? []).some(({ to, static: host }) => to === port || host === port) ||
  services.some(({ connect }) => connect?.sidecar?.upstreams.some((one) => one.localBindPort === port)) ||
  tasks.some((task) => own.test(`${task.name} ${runs(task)}`)) ||
  tasks.some((task) =>
    new RegExp(String.raw`(?:0\.0\.0\.0|listen\S*\s*|bind\S*\s*)[:\s]${port}\b`, 'i').test(texts(task)),
  )

const runs = ({ config }: TaskSpec): string => JSON.stringify([config['image'], config['command']])
const texts = ({ config, env, templates }: TaskSpec): string =>
  [JSON.stringify(config['args'] ?? ''), ...Object.values(env), ...templates.map(({ data }) => data)].join('\n')

function lost(found: readonly TaskText[], spec: GroupSpec) {
  for (const { port, agent, own } of agents) {
    const at = found.find(({ text }) => loopback(port).test(text))
    if (at && !local(spec, port, own)) return { port, agent, at }
  }
  return undefined
}

const env = (text: string): readonly TaskText[] => [
  { kind: 'env', from: 'env CONSUL_HTTP_ADDR of task sync', text, variable: 'CONSUL_HTTP_ADDR' },
]

export const containerLoopbackIsNotHost = fault({
  id: 'container-loopback-is-not-host',
  about: 'task',
  title: 'A task looks for an agent of the host on its own loopback',
  layer: 'port',
  severity: 'breaks',
  heard: [
    'dial tcp 127.0.0.1:8500: connect: connection refused',
    'dial tcp [::1]:8500: connect: connection refused',
    'connect ECONNREFUSED 127.0.0.1:<port>',
  ],
  onlyWhen: { 'task.namespace': ['group', 'container'] },
  needs: ['task.texts', 'group.spec', 'task.namespace'],
  shows: ['task.texts'],
  holds: ({ 'task.texts': texts, 'group.spec': spec, 'task.namespace': namespace }) => {
    const found = lost(texts, spec)
    return found
      ? {
          says: `${begun(found.at.from)} has port ${found.port} of 127.0.0.1 for ${found.agent}, but the task is in ${namespace === 'group' ? `the network namespace of group ${spec.name}` : 'a network namespace of its own'}, where no ${found.agent} listens`,
          at: [found.at, 'text', `:${found.port}`],
        }
      : false
  },
  byHand:
    'In the task: a connection to 127.0.0.1 is refused, and ss -ltn there shows no such port; on the client it is open.',
  explains: [],
  because:
    "Every network namespace has a loopback of its own. In a bridge group, and in a container on docker's bridge, 127.0.0.1 is the allocation or the container, never the client. An agent that listens on the client's loopback only cannot be reached from there at all; one that listens on an address of the client can.",
  fix: ({ 'task.texts': texts, 'group.spec': spec }) => {
    const found = lost(texts, spec)
    return [
      {
        do: `Use \${attr.unique.network.ip-address}:${found?.port ?? '<port>'} instead of 127.0.0.1`,
        on: 'job file',
        risk: 'The allocation is replaced',
        ...edits(
          found && [
            reword(
              found.at,
              'text',
              loopback(found.port).exec(found.at.text)?.[0] ?? '',
              `${clientAddress(found.at)}:${found.port}`,
            ),
          ],
          'the text is put together elsewhere',
        ),
      },
      {
        do: `Let ${found?.agent ?? 'the agent'} listen on that address of the client too (client_addr of Consul, bind_addr of Nomad, listener of Vault)`,
        on: 'client',
        risk: 'Its API becomes reachable from the network: use ACLs and TLS',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking#bridge-networking',
    'https://github.com/hashicorp/nomad/issues/8290',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'Consul in a bridge group',
      given: { 'task.namespace': 'group', 'task.texts': env('http://127.0.0.1:8500'), 'group.spec': group() },
      then: 'present',
    },
    {
      name: "from docker's bridge",
      given: { 'task.namespace': 'container', 'task.texts': env('localhost:8500'), 'group.spec': group() },
      then: 'present',
    },
    {
      name: 'a Consul agent runs next to it',
      given: {
        'task.namespace': 'group',
        'task.texts': env('http://127.0.0.1:8500'),
        'group.spec': group({ tasks: [task(), task({ name: 'consul-agent' })] }),
      },
      then: 'absent',
    },
    {
      name: 'the address of the client',
      given: {
        'task.namespace': 'group',
        'task.texts': env('http://${attr.unique.network.ip-address}:8500'),
        'group.spec': group(),
      },
      then: 'absent',
    },
    {
      name: 'in the namespace of the host it is there',
      given: { 'task.namespace': 'host', 'task.texts': env('http://127.0.0.1:8500'), 'group.spec': group() },
      then: 'absent',
    },
  ],
})
