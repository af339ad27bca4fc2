import { edits, exclude } from '../../edit.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import { fault } from '../../fault.ts'
import { group, record, task } from '../../samples.ts'

const base = {
  'source.task.spec': task({ name: 'loop' }),
  'source.alloc.record': record('s1'),
  'path.resolver': { servers: ['10.0.0.10'], searches: [] },
} as const

const numbered = ({ network }: GroupSpec): string | undefined =>
  network?.dns?.servers.find((server) => /^[\d.]+:\d+$|^\[[0-9a-f:]+\]:\d+$/i.test(server))

export const dnsPort8600 = fault({
  id: 'dns-port-8600',
  about: 'path',
  title: "The task's name server is Consul, which answers DNS on port 8600 and not on 53",
  layer: 'name',
  severity: 'breaks',
  heard: [
    ';; communications error to <address>#53: connection refused',
    'nslookup: read: Connection refused',
    ';; connection timed out; no servers could be reached',
    'dig -p 8600 works, the task does not resolve',
    'lookup <name>.service.consul on <address>:53: read: connection refused',
  ],
  onlyWhen: { 'path.names.resolve': ['not-all'] },
  needs: ['source.task.spec', 'source.alloc.record', 'path.lookups.task', 'path.lookups.consul-port', 'path.resolver'],
  shows: ['path.lookups.consul-port', 'path.lookups.task', 'path.resolver'],
  holds: ({ 'source.task.spec': { name }, 'path.lookups.task': lookups, 'path.lookups.consul-port': [server] }) => {
    const unanswered = lookups.find(({ outcome }) => outcome === 'no-server')
    return server === undefined || !unanswered
      ? false
      : `Task ${name} asks name server ${server} on port 53 for ${unanswered.name} and gets no answer; the server answers on port 8600`
  },
  byHand: 'From the client: dig @<name server> <name> gets no answer, dig @<name server> -p 8600 <name> does.',
  explains: ['dns-servers-replace-host', 'dns-consul-not-forwarded'],
  because:
    'A resolver always asks on port 53: /etc/resolv.conf and network { dns } have no way to name another port. Consul serves DNS on port 8600 unless it is told otherwise, so a Consul address given as name server leaves the task without any answer.',
  fix: ({ 'path.resolver': { servers } }) => [
    {
      do: `Let Consul at ${servers.join(', ')} serve DNS on port 53: ports { dns = 53 }, or redirect 53 to 8600 there`,
      on: 'Consul configuration',
      risk: 'Port 53 may be taken by another resolver; Consul needs the right to bind it',
    },
    {
      do: 'Or put a forwarder on port 53 that sends .consul to port 8600, and name the forwarder in network { dns }',
      on: 'client',
      risk: 'none',
    },
  ],
  references: [
    'https://developer.hashicorp.com/consul/docs/discover/dns/forwarding',
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#dns-parameters',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'nothing on 53, an answer on 8600',
      given: {
        ...base,
        'path.names.resolve': 'not-all',
        'path.lookups.task': [{ name: 'orders.service.consul', outcome: 'no-server', addresses: [] }],
        'path.lookups.consul-port': ['10.0.0.10'],
      },
      then: 'present',
    },
    {
      name: 'nothing on either port',
      given: {
        ...base,
        'path.names.resolve': 'not-all',
        'path.lookups.task': [{ name: 'orders.service.consul', outcome: 'no-server', addresses: [] }],
        'path.lookups.consul-port': [],
      },
      then: 'absent',
    },
    {
      name: 'every name resolves',
      given: {
        ...base,
        'path.names.resolve': 'all',
        'path.lookups.task': [{ name: 'orders.service.consul', outcome: 'found', addresses: ['10.0.0.1'] }],
        'path.lookups.consul-port': [],
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    needs: ['group.spec'],
    holds: ({ 'group.spec': spec }) => {
      const found = numbered(spec)
      return spec.network?.dns && found !== undefined
        ? {
            says: `dns of group ${spec.name} names ${found}, but a name server in resolv.conf has no port: the line is not understood`,
            at: [spec.network.dns, 'servers', found],
          }
        : false
    },
    fix: ({ 'group.spec': spec }) => {
      const { dns } = spec.network ?? {}
      const found = numbered(spec)
      return [
        {
          do: `Replace ${numbered(spec) ?? 'the server'} by a resolver on port 53 that forwards the domain consul`,
          on: 'job file',
          risk: 'The allocation is replaced',
          ...edits(
            dns && found !== undefined && dns.servers.length > 1 ? [exclude(dns, 'servers', found)] : undefined,
            'the job does not say which other server is meant',
          ),
        },
      ]
    },
    examples: [
      {
        name: '10.20.0.10:8600',
        given: {
          'group.spec': group({
            network: { mode: 'bridge', ports: [], dns: { servers: ['10.20.0.10:8600'], searches: [], options: [] } },
          }),
        },
        then: 'present',
      },
      {
        name: 'an address alone',
        given: {
          'group.spec': group({
            network: {
              mode: 'bridge',
              ports: [],
              dns: { servers: ['10.20.0.10', 'fd00::1'], searches: [], options: [] },
            },
          }),
        },
        then: 'absent',
      },
    ],
  },
})
