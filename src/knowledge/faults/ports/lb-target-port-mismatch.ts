import { edits } from '../../edit.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import { mentions } from '../../said.ts'
import { fault } from '../../fault.ts'
import type { PortWay } from '../../shapes/port.ts'
import type { Dial } from '../../facts/path.ts'
import { group, record, task, way } from '../../samples.ts'
import { noStaticNumber, staticAsInside, staticPort } from '../../port-ranges.ts'

/** A port dialled on this client, by its address or by a name, that none of the allocation's ports has there. */
function missed(
  dials: readonly Dial[],
  ways: readonly PortWay[],
  label: string | null,
  addresses: readonly string[],
): { dial: Dial; own: PortWay } | undefined {
  // Where nobody maps, a process may hold any port of the client itself.
  const own = ways.find((one) => one.label === label && one.mapper !== 'nobody')
  const here = dials.filter(({ host }) => host === '' || /[a-z]/i.test(host) || addresses.includes(host))
  const dial = here.find(({ port }) => port !== undefined && ways.every(({ hostPort }) => hostPort !== port))
  return own && dial ? { dial, own } : undefined
}

/** The client's own address with the number inside of a port whose number outside the scheduler chooses. */
function announced({ network, tasks }: GroupSpec) {
  for (const port of network?.ports ?? []) {
    const { to = 0, static: host } = port
    if (host !== undefined || to <= 0 || network?.ports.some((one) => one.static === to)) continue
    const text = `\${attr.unique.network.ip-address}:${to}`
    const task = tasks.find((one) => mentions(one, text))
    if (task) return { port, task, text }
  }
  return undefined
}

export const lbTargetPortMismatch = fault({
  id: 'lb-target-port-mismatch',
  about: 'path',
  title: 'The load balancer forwards to a port that the target does not have on its client',
  layer: 'port',
  severity: 'breaks',
  heard: [
    'connect() failed (111: Connection refused) while connecting to upstream',
    'curl: (7) Failed to connect to <address> port 80: Connection refused',
    '502 Bad Gateway',
  ],
  onlyWhen: { 'path.discovery': ['load-balancer'], 'path.caller-namespace': ['outside', 'host'] },
  needs: ['path.dials', 'path.port', 'target.alloc.port-ways', 'target.alloc.record', 'target.node.addresses'],
  shows: ['target.alloc.record', 'path.dials'],
  holds: ({
    'path.dials': dials,
    'path.port': { label },
    'target.alloc.port-ways': ways,
    'target.alloc.record': { nodeName },
    'target.node.addresses': addresses,
  }) => {
    const found = missed(dials, ways, label, addresses)
    if (!found) return false
    const { dial, own } = found
    const inner = own.inside === dial.port ? `; ${dial.port} is the number inside only` : ''
    return `The caller uses port ${dial.port} of the clients, but on ${nodeName} port ${own.label} is ${own.hostPort}${own.dynamic ? ', chosen anew for every allocation' : ''}${inner}`
  },
  byHand:
    'Compare the target port in the configuration of the load balancer with the host port that nomad alloc status prints.',
  explains: ['container-port-on-client-address'],
  because:
    'A load balancer outside the cluster knows clients and a fixed port. A port block without static gets another host port with every allocation, and to only names the port inside the namespace. What the load balancer forwards to must be the host port: a static one, the same on every client.',
  fix: ({
    'path.dials': dials,
    'path.port': { label },
    'target.alloc.port-ways': ways,
    'target.node.addresses': own,
  }) => {
    const found = missed(dials, ways, label, own)
    return [
      {
        do: `Set ${staticPort(found?.dial.port, `port "${label ?? '<label>'}"`)}; with to as it is, and one allocation per client, so a system job or distinct_hosts fits`,
        on: 'job file',
        risk: 'The allocations are replaced; the port must be free on every client',
      },
      {
        do: 'Or let the load balancer read addresses and ports from the service catalogue',
        on: 'load balancer',
        risk: 'none',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#static',
    'https://developer.hashicorp.com/nomad/tutorials/load-balancing',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the load balancer calls 80, the port is dynamic',
      given: {
        'path.discovery': 'load-balancer',
        'path.caller-namespace': 'outside',
        'path.dials': [{ host: '', port: 80, from: 'case' }],
        'path.port': { label: 'http', number: null, mapped: null },
        'target.alloc.port-ways': [way({ inside: 80, to: 80 })],
        'target.alloc.record': record('a1'),
        'target.node.addresses': ['10.0.0.1'],
      },
      then: 'present',
    },
    {
      name: 'the port is static',
      given: {
        'path.discovery': 'load-balancer',
        'path.caller-namespace': 'outside',
        'path.dials': [{ host: '', port: 80, from: 'case' }],
        'path.port': { label: 'http', number: null, mapped: null },
        'target.alloc.port-ways': [way({ hostPort: 80, dynamic: false })],
        'target.alloc.record': record('a1'),
        'target.node.addresses': ['10.0.0.1'],
      },
      then: 'absent',
    },
    {
      name: 'the caller is a task of the cluster',
      given: {
        'path.discovery': 'fixed-address',
        'path.caller-namespace': 'group',
        'path.dials': [{ host: '10.0.0.1', port: 80, from: 'env' }],
        'path.port': { label: 'http', number: null, mapped: null },
        'target.alloc.port-ways': [way()],
        'target.alloc.record': record('a1'),
        'target.node.addresses': ['10.0.0.1'],
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['host', 'bridge', 'cni'] },
    needs: ['group.spec'],
    holds: ({ 'group.spec': spec }) => {
      const found = announced(spec)
      return found
        ? {
            says: `Task ${found.task.name} announces ${found.text}, but port ${found.port.label} has ${found.port.to} only inside; on the client it gets another number with every allocation`,
            at: found.port,
          }
        : false
    },
    fix: ({ 'group.spec': spec }) => {
      const found = announced(spec)
      return [
        {
          do: `Set ${staticPort(found?.port.to, `port "${found?.port.label ?? ''}"`)}, or announce \${NOMAD_HOST_ADDR_${found?.port.label ?? '<label>'}}`,
          on: 'job file',
          risk: 'The allocation is replaced; a static port needs to be free on the client',
          ...edits(staticAsInside(found?.port), noStaticNumber),
        },
      ]
    },
    examples: [
      {
        name: 'the target is registered with the number inside',
        given: {
          'group.network.mode': 'bridge',
          'group.spec': group({
            tasks: [task({ config: { args: ['--target', '${attr.unique.network.ip-address}:8080'] } })],
          }),
        },
        then: 'present',
      },
      {
        name: 'the port is static',
        given: {
          'group.network.mode': 'bridge',
          'group.spec': group({
            network: { mode: 'bridge', ports: [{ label: 'http', static: 8080, to: 8080, hostNetwork: 'default' }] },
            tasks: [task({ config: { args: ['--target', '${attr.unique.network.ip-address}:8080'] } })],
          }),
        },
        then: 'absent',
      },
      {
        name: 'no network at all',
        given: { 'group.network.mode': 'none', 'group.spec': group() },
        then: 'absent',
      },
    ],
  },
})
