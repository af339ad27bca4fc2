import type { GroupSpec } from '../../shapes/job.ts'
import type { Member } from '../../facts.ts'
import { cidrs } from '../../clients.ts'
import { fault } from '../../fault.ts'
import { group, nodeDocument, record } from '../../samples.ts'
import type { AllocPort, AllocRecord, NodeDocument } from '../../shapes/runtime.ts'

const local = ({ hostIp }: AllocPort): boolean => /^fe[89ab][0-9a-f]:/i.test(hostIp)

/** A port on a link-local address, or on an IPv6 one although its host network has IPv4 as well. */
function odd({ ports }: AllocRecord, { networks }: NodeDocument): { port: AllocPort; other?: string } | undefined {
  const link = ports.find(local)
  if (link) return { port: link }
  const addresses = networks.flatMap((network) => network.addresses)
  return ports
    .filter(({ hostIp }) => hostIp.includes(':') && hostIp !== '::1')
    .flatMap((port) =>
      addresses
        .filter(({ alias, address }) => alias === port.hostNetwork && address.includes('.'))
        .map(({ address }) => ({ port, other: address })),
    )
    .at(0)
}

const at = (hostIp: string): AllocRecord =>
  record('a1', { ports: [{ label: 'http', hostIp, hostPort: 25_000, to: 8080, hostNetwork: 'default' }] })
const dual = nodeDocument({
  networks: [
    {
      mode: 'host',
      device: 'eth0',
      addresses: [
        { alias: 'default', address: 'fd00:77::11', family: 'ipv6' },
        { alias: 'default', address: '10.0.0.1', family: 'ipv4' },
      ],
    },
  ],
})

/** A port whose host network is nothing but link-local addresses. */
const linkLocal = ({ network }: GroupSpec, documents: readonly Member<NodeDocument>[]) =>
  network?.ports.find(({ hostNetwork }) => {
    const all = cidrs(documents, hostNetwork)
    return all.length > 0 && all.every((one) => /^(?:fe[89ab][0-9a-f]:|169\.254\.)/i.test(one))
  })
const lan = (cidr: string) => [
  {
    about: 'node:c1',
    id: 'node:1',
    value: nodeDocument({ hostNetworks: [{ name: 'local6', cidr, interface: '', reservedPorts: '' }] }),
  },
]
const onLan = group({ network: { mode: '', ports: [{ label: 'http', hostNetwork: 'local6' }] } })

export const hostipIsIpv6OrLinklocal = fault({
  id: 'hostip-is-ipv6-or-linklocal',
  about: 'alloc',
  title: 'The port was given an IPv6 address that its callers may not be able to use',
  layer: 'port',
  severity: 'breaks',
  heard: [
    'listen tcp [fe80::<n>]:<port>: bind: invalid argument',
    'has invalid format, should be <ip>:[port]',
    'too many colons in address',
  ],
  needs: ['alloc.record', 'node.document'],
  shows: ['alloc.record'],
  holds: ({ 'alloc.record': record, 'node.document': node }) => {
    const found = odd(record, node)
    if (!found) return false
    const { port, other } = found
    return other === undefined
      ? `Port ${port.label} of the allocation on ${record.nodeName} has the link-local address ${port.hostIp}, which nobody can bind or reach without naming an interface`
      : {
          says: `Port ${port.label} of the allocation on ${record.nodeName} has the IPv6 address ${port.hostIp}, although host network ${port.hostNetwork} has ${other} as well: callers with IPv4 alone do not reach it`,
          severity: 'risks',
        }
  },
  intended: 'where every caller has IPv6',
  byHand: 'nomad alloc status <alloc>: the address of the port has colons; fe80 at its beginning means link-local.',
  explains: ['hostip-family-mismatch'],
  because:
    'The scheduler takes the first free address of the host network. That may be an IPv6 one when it is listed first, or when a static port is taken on the IPv4 address. Where an interface has no other address when the agent starts, the link-local one is all there is: it is valid on one cable only and needs the name of an interface, which no port has.',
  fix: ({ 'alloc.record': record, 'node.document': node }) => [
    {
      do: `Set preferred_address_family = "ipv4" in the client block of ${node.name} (Nomad 1.8.2 and newer), or give host network ${odd(record, node)?.port.hostNetwork ?? 'default'} an IPv4 cidr`,
      on: 'client configuration',
      risk: 'The agent restarts; ports are given out anew with the next allocations',
    },
    {
      do: 'Keep link-local addresses out with the client option "fingerprint.network.disallow_link_local" = "true", and start the agent after the interface has its address',
      on: 'client configuration',
      risk: 'The agent restarts',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#preferred_address_family',
    'https://developer.hashicorp.com/nomad/docs/networking/ipv6',
    'https://github.com/hashicorp/nomad/issues/9421',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'link-local',
      given: { 'alloc.record': at('fe80::a00:27ff:fe4e:66a1'), 'node.document': nodeDocument() },
      then: 'present',
    },
    { name: 'IPv6 beside IPv4', given: { 'alloc.record': at('fd00:77::11'), 'node.document': dual }, then: 'present' },
    {
      name: 'a network of IPv6 alone is meant so',
      given: { 'alloc.record': at('fd00:77::11'), 'node.document': nodeDocument() },
      then: 'absent',
    },
    { name: 'IPv4', given: { 'alloc.record': at('10.0.0.1'), 'node.document': dual }, then: 'absent' },
  ],
  foretold: {
    about: 'group',
    needs: ['group.spec', 'every.node.document'],
    shows: ['every.node.document'],
    holds: ({ 'group.spec': spec, 'every.node.document': documents }) => {
      const found = linkLocal(spec, documents)
      return found
        ? {
            says: `Port ${found.label} is on host network ${found.hostNetwork}, which selects link-local addresses only: they mean nothing without a zone`,
            at: [found, 'host_network'],
          }
        : false
    },
    fix: ({ 'group.spec': spec, 'every.node.document': documents }) => [
      {
        do: `Put port "${linkLocal(spec, documents)?.label ?? ''}" on a host network with addresses that callers reach`,
        on: 'job file',
        risk: 'The allocation is replaced',
      },
    ],
    examples: [
      { name: 'fe80::/10', given: { 'group.spec': onLan, 'every.node.document': lan('fe80::/10') }, then: 'present' },
      {
        name: 'a global one',
        given: { 'group.spec': onLan, 'every.node.document': lan('2001:db8::/64') },
        then: 'absent',
      },
    ],
  },
})
