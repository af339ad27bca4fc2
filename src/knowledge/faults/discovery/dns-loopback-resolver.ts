import type { GroupSpec } from '../../shapes/job.ts'
import type { Said } from '../../shapes/said.ts'
import { said } from '../../said-samples.ts'
import { failed, isLoopback, onlyOnNode, outcomeWords } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import { group, record, task } from '../../samples.ts'
import type { Resolver } from '../../shapes/discovery.ts'
import type { Listener } from '../../shapes/packet.ts'

/** What docker writes where the host's file names loopback servers only. Source: moby libnetwork/resolvconf. */
const dockerInstead = ['8.8.8.8', '8.8.4.4']

const hostServers = (text: string): readonly string[] =>
  [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(([, server = '']) => server)
const answersDns = (listeners: readonly Listener[], server: string): boolean =>
  listeners.some(({ port, address }) => port === 53 && [server, '0.0.0.0', '*', '::'].includes(address))

/** Loopback servers that nobody serves in this namespace, where there is no other server; or docker's replacement of them. */
function dead(
  { servers }: Resolver,
  listeners: readonly Listener[],
  host: string,
): 'loopback' | 'replaced' | undefined {
  const own = servers.filter((server) => isLoopback(server))
  if (own.length > 0 && own.length === servers.length && !own.some((server) => answersDns(listeners, server)))
    return 'loopback'
  const onHost = hostServers(host)
  const replaced = servers.length > 0 && servers.every((server) => dockerInstead.includes(server))
  return replaced && onHost.length > 0 && onHost.every((server) => isLoopback(server)) ? 'replaced' : undefined
}

const base = {
  'source.alloc.namespace-kind': 'own',
  'source.task.spec': task({ name: 'loop' }),
  'source.alloc.record': record('s1'),
  'source.alloc.netns.listeners': [],
} as const
const failing = [{ name: 'db.corp.lan', outcome: 'no-server', addresses: [] }] as const
const onNode = [{ name: 'db.corp.lan', outcome: 'found', addresses: ['10.0.0.9'] }] as const

/** All name servers of the group are on its own loopback, and nothing of it serves there. */
const alone = ({ network, services, tasks }: GroupSpec, said: readonly Said[]): boolean => {
  const own = network?.dns?.servers ?? []
  const served =
    said.some(({ port }) => port === 53) || network?.ports.some((one) => one.to === 53 || one.static === 53) === true
  const resolver = tasks.some(({ name, config, templates }) =>
    /dns|unbound|bind|named|resolver|corefile|consul/i.test(`${name} ${JSON.stringify([config, templates])}`),
  )
  return (
    own.length > 0 &&
    own.every(isLoopback) &&
    !served &&
    !resolver &&
    !services.some(({ connect }) => connect?.sidecar?.transparentProxy)
  )
}

export const dnsLoopbackResolver = fault({
  id: 'dns-loopback-resolver',
  about: 'path',
  title: "The task's name server is a loopback address of the client, which its own namespace does not have",
  layer: 'name',
  severity: 'breaks',
  heard: [
    ';; communications error to 127.0.0.1#53: connection refused',
    'lookup <name> on 127.0.0.1:53: read udp 127.0.0.1:<port>->127.0.0.1:53: read: connection refused',
    'lookup <name> on 127.0.0.53:53: connection refused',
    'Temporary failure in name resolution',
    ';; connection timed out; no servers could be reached',
    "bad address '<name>'",
  ],
  onlyWhen: { 'source.alloc.namespace-kind': ['own'] },
  needs: [
    'source.task.spec',
    'source.alloc.record',
    'path.resolver',
    'source.alloc.netns.listeners',
    'source.node.resolv-conf',
    'path.lookups.task',
    'path.lookups.node',
    'path.names.resolve',
  ],
  shows: ['path.resolver', 'path.lookups.task', 'source.node.resolv-conf', 'source.alloc.netns.listeners'],
  holds: (known) => {
    const { 'path.resolver': resolver, 'path.lookups.task': task, 'path.lookups.node': node } = known
    const how = dead(resolver, known['source.alloc.netns.listeners'], known['source.node.resolv-conf'])
    const name = known['source.task.spec'].name
    const list = resolver.servers.join(', ')
    if (how === 'replaced') {
      const [first] = onlyOnNode(task, node)
      return first
        ? `Docker gave task ${name} the name servers ${list}, because the client's own file names only loopback ones; ${first.name} resolves on the client and not in the task`
        : false
    }
    if (how === undefined) return false
    const [first] = failed(task)
    if (first)
      return `Task ${name} asks name server ${list}, where nobody listens in its network namespace: ${first.name} ${outcomeWords[first.outcome]}`
    if (task.length > 0) return false
    return {
      says: `Task ${name} has name server ${list}, where nobody listens in its network namespace: no name can resolve`,
      // Where nothing shows how the source finds anybody, it may well be by name.
      severity: known['path.names.resolve'] === 'not-visible' ? 'degrades' : 'risks',
    }
  },
  byHand:
    'In the task: cat /etc/resolv.conf names 127.0.0.x; ss -lnu in its network namespace shows nothing on port 53.',
  explains: ['dns-consul-not-forwarded', 'dns-servers-replace-host'],
  because:
    "A bridge group has its own loopback interface. When the client's /etc/resolv.conf names a forwarder on 127.0.0.x, that address means another place inside the group, and nobody listens there. Nomad takes systemd-resolved's real server list only where 127.0.0.53 is the single entry; other lists are copied as they are, and docker puts 8.8.8.8 and 8.8.4.4 in place of loopback servers. The file is written once, when the task starts.",
  fix: (known) => [
    {
      do: 'Name a server that the namespace can reach: network { dns { servers = ["<address of the resolver>"] } }',
      on: 'job file',
      risk: 'The allocations are replaced',
    },
    {
      do: `Or let the forwarder of client ${known['source.alloc.record'].nodeName} listen on the client's own address too, and name that in /etc/resolv.conf`,
      on: `client ${known['source.alloc.record'].nodeName}`,
      risk: 'Others in the network may then reach the forwarder',
    },
    {
      do: 'Restart the task afterwards: its file is written at start only',
      on: 'Nomad',
      run: allocCommand('restart', known['source.alloc.record']),
      risk: 'The allocation is away while it restarts',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#dns-parameters',
    'https://github.com/hashicorp/nomad/issues/8343',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a forwarder on the host, nobody in the namespace',
      given: {
        ...base,
        'path.names.resolve': 'not-all',
        'path.resolver': { servers: ['127.0.0.1'], searches: [] },
        'source.node.resolv-conf': 'nameserver 127.0.0.1',
        'path.lookups.task': failing,
        'path.lookups.node': onNode,
      },
      then: 'present',
    },
    {
      name: 'docker replaced the loopback servers',
      given: {
        ...base,
        'path.names.resolve': 'not-all',
        'path.resolver': { servers: ['8.8.8.8', '8.8.4.4'], searches: [] },
        'source.node.resolv-conf': 'nameserver 127.0.0.1',
        'path.lookups.task': failing,
        'path.lookups.node': onNode,
      },
      then: 'present',
    },
    {
      name: 'nothing shows which names it asks',
      given: {
        ...base,
        'path.names.resolve': 'not-visible',
        'path.resolver': { servers: ['127.0.0.1'], searches: [] },
        'source.node.resolv-conf': 'nameserver 127.0.0.1',
        'path.lookups.task': [],
        'path.lookups.node': [],
      },
      then: 'present',
    },
    {
      name: 'a server on the network',
      given: {
        ...base,
        'path.names.resolve': 'not-all',
        'path.resolver': { servers: ['10.0.0.53'], searches: [] },
        'source.node.resolv-conf': 'nameserver 10.0.0.53',
        'path.lookups.task': failing,
        'path.lookups.node': onNode,
      },
      then: 'absent',
    },
    {
      name: "host networking shares the client's loopback",
      given: {
        ...base,
        'source.alloc.namespace-kind': 'host',
        'path.names.resolve': 'not-all',
        'path.resolver': { servers: ['127.0.0.1'], searches: [] },
        'source.node.resolv-conf': 'nameserver 127.0.0.1',
        'path.lookups.task': failing,
        'path.lookups.node': onNode,
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['bridge', 'cni', 'none'] },
    needs: ['group.spec', 'group.listens'],
    shows: ['group.spec'],
    holds: ({ 'group.spec': spec, 'group.listens': listens }) =>
      spec.network?.dns && alone(spec, listens)
        ? {
            says: `The name server of group ${spec.name} is ${spec.network.dns.servers.join(', ')}: its own loopback, where nothing of the group answers DNS`,
            at: [spec.network.dns, 'servers'],
          }
        : false,
    fix: ({ 'group.spec': { name } }) => [
      {
        do: `Name a server in dns of group ${name} that other machines reach, or delete the dns block to use the client's`,
        on: 'job file',
        risk: 'The allocation is replaced',
      },
    ],
    examples: [
      {
        name: 'servers = ["127.0.0.1"]',
        given: {
          'group.network.mode': 'bridge',
          'group.spec': group({
            network: { mode: 'bridge', ports: [], dns: { servers: ['127.0.0.1'], searches: [], options: [] } },
          }),
          'group.listens': [],
        },
        then: 'present',
      },
      {
        name: 'a resolver of its own',
        given: {
          'group.network.mode': 'bridge',
          'group.spec': group({
            network: { mode: 'bridge', ports: [], dns: { servers: ['127.0.0.1'], searches: [], options: [] } },
          }),
          'group.listens': [said({ port: 53 })],
        },
        then: 'absent',
      },
      {
        name: "the host's loopback",
        given: { 'group.network.mode': 'host', 'group.spec': group(), 'group.listens': [] },
        then: 'absent',
      },
    ],
  },
})
