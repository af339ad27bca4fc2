import type { NodeDocument } from '../../shapes/runtime.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { Member } from '../../facts.ts'
import { cidrs, clientOf, told } from '../../clients.ts'
import { fault } from '../../fault.ts'
import { group, nodeDocument, record } from '../../samples.ts'

const port = {
  label: 'http',
  number: null,
  mapped: { label: 'http', hostIp: 'fd00:77::11', hostPort: 25001, to: 8080, hostNetwork: 'public' },
}
const given = {
  'target.group.network.mode': 'bridge',
  'path.port': port,
  'target.alloc.record': record('6b235529', { address: '172.26.64.2' }),
} as const

/** A port on an IPv6 host network, of clients whose bridge has no IPv6. */
const sixOnly = (
  { network }: GroupSpec,
  documents: readonly Member<NodeDocument>[],
  agents: readonly Member<Readonly<Record<string, unknown>>>[],
) =>
  agents.length > 0 && agents.every(({ value }) => told(clientOf(value), 'BridgeNetworkSubnetIPv6') === '')
    ? network?.ports.find(({ hostNetwork }) => {
        const all = cidrs(documents, hostNetwork)
        return all.length > 0 && all.every((one) => one.includes(':'))
      })
    : undefined
const six = {
  about: 'node:c1',
  id: 'node:1',
  value: nodeDocument({
    hostNetworks: [{ name: 'global6', cidr: '2001:db8:40::/64', interface: '', reservedPorts: '' }],
  }),
}
const bridged = (subnet: string) => ({
  about: 'node:c1',
  id: 'node:1',
  value: { Client: { BridgeNetworkSubnetIPv6: subnet } },
})
const onSix = group({ network: { mode: 'bridge', ports: [{ label: 'http', to: 8080, hostNetwork: 'global6' }] } })

export const hostipFamilyMismatch = fault({
  id: 'hostip-family-mismatch',
  aliases: ['ipv6-hostip-without-ipv6-bridge'],
  about: 'path',
  title: 'The host port is on an IPv6 address, and the allocation has IPv4 only',
  layer: 'port',
  severity: 'breaks',
  heard: ['Connection refused', 'connect: connection refused'],
  onlyWhen: { 'target.group.network.mode': ['bridge', 'cni'] },
  needs: ['path.port', 'target.alloc.record'],
  holds: ({ 'path.port': { label, mapped }, 'target.alloc.record': { address, addressV6, nodeName } }) =>
    mapped?.hostIp.includes(':') && address !== undefined && (addressV6 ?? '') === ''
      ? `Port ${label ?? ''} of the allocation on ${nodeName} is given out as [${mapped.hostIp}]:${mapped.hostPort}, but the allocation has ${address} and no IPv6 address`
      : false,
  byHand:
    'nomad alloc status shows an IPv6 address for the port; on the client ip6tables -t nat -S has no rule for it, and the CNI-DN chain of the allocation is empty.',
  explains: ['nsd-check-failing'],
  because:
    "The scheduler takes the port's address from the host network it belongs to, and that may be an IPv6 one: by the cidr of a host_network, by the interface, or because the interface's IPv6 address comes first. A port is mapped only to an allocation address of the same family. Nomad's bridge has IPv4 alone unless bridge_network_subnet_ipv6 is set, so the portmap plug-in skips the mapping, and the registered address refuses everybody.",
  fix: ({ 'path.port': { mapped } }) => [
    {
      do: `Give host_network "${mapped?.hostNetwork ?? 'default'}" an IPv4 cidr, or set preferred_address_family = "ipv4" in the client block`,
      on: 'client configuration',
      risk: 'The agent restarts; the port is given out anew with the next allocation',
    },
    {
      do: 'Or set bridge_network_subnet_ipv6, when callers use IPv6',
      on: 'client configuration',
      risk: 'Drain the client first; the client loses default routes learnt from router advertisements unless accept_ra is 2',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#host_network-block',
    'https://developer.hashicorp.com/nomad/docs/configuration/client#preferred_address_family',
  ],
  since: '0.1.0',
  examples: [
    { name: 'IPv6 outside, IPv4 inside', given, then: 'present' },
    {
      name: 'the allocation has IPv6 as well',
      given: {
        ...given,
        'target.alloc.record': record('6b235529', { address: '172.26.64.2', addressV6: 'fd00:a::2' }),
      },
      then: 'absent',
    },
    {
      name: 'IPv4 on both sides',
      given: { ...given, 'path.port': { ...port, mapped: { ...port.mapped, hostIp: '10.0.0.11' } } },
      then: 'absent',
    },
    {
      name: 'with host networking nothing is mapped',
      given: { ...given, 'target.group.network.mode': 'host' },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['bridge'] },
    needs: ['group.spec', 'every.node.document', 'every.node.agent'],
    shows: ['every.node.agent'],
    holds: ({ 'group.spec': spec, 'every.node.document': documents, 'every.node.agent': agents }) => {
      const found = sixOnly(spec, documents, agents)
      return found
        ? {
            says: `Port ${found.label} is on host network ${found.hostNetwork}, which has IPv6 only, and the bridge of the clients has IPv4 only: the port is not mapped`,
            at: [found, 'host_network'],
          }
        : false
    },
    fix: ({ 'group.spec': spec, 'every.node.document': documents, 'every.node.agent': agents }) => [
      {
        do: `Put port "${sixOnly(spec, documents, agents)?.label ?? ''}" on an IPv4 host network, or give the bridge an IPv6 subnet (bridge_network_subnet_ipv6)`,
        on: 'job file',
        risk: 'The allocation is replaced',
      },
    ],
    examples: [
      {
        name: 'no IPv6 in the bridge',
        given: {
          'group.network.mode': 'bridge',
          'group.spec': onSix,
          'every.node.document': [six],
          'every.node.agent': [bridged('')],
        },
        then: 'present',
      },
      {
        name: 'both families',
        given: {
          'group.network.mode': 'bridge',
          'group.spec': onSix,
          'every.node.document': [six],
          'every.node.agent': [bridged('fd26:64::/64')],
        },
        then: 'absent',
      },
      {
        name: 'host mode binds it',
        given: {
          'group.network.mode': 'host',
          'group.spec': onSix,
          'every.node.document': [six],
          'every.node.agent': [bridged('')],
        },
        then: 'absent',
      },
    ],
  },
})
