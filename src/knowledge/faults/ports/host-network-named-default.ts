import { clientOf, told } from '../../clients.ts'
import { fault } from '../../fault.ts'
import { nodeDocument } from '../../samples.ts'
import type { NodeDocument } from '../../shapes/runtime.ts'

const devices = ({ networks }: NodeDocument): readonly string[] => [
  ...new Set(
    networks.filter(({ addresses }) => addresses.some(({ alias }) => alias === 'default')).map(({ device }) => device),
  ),
]

const client = (named: boolean, ...on: readonly string[]): NodeDocument =>
  nodeDocument({
    hostNetworks: named ? [{ name: 'default', cidr: '', interface: 'eth1', reservedPorts: '' }] : [],
    networks: on.map((device, i) => ({
      mode: 'host',
      device,
      addresses: [{ alias: 'default', address: `10.${i}.0.1`, family: 'ipv4' }],
    })),
  })

/** A block of that name on another device than the default one. */
const second = ({ hostNetworks }: NodeDocument, agent: Readonly<Record<string, unknown>>) =>
  hostNetworks.find(
    (one) =>
      one.name === 'default' && (one.interface === '' || one.interface !== told(clientOf(agent), 'NetworkInterface')),
  )

export const hostNetworkNamedDefault = fault({
  id: 'host-network-named-default',
  about: 'node',
  title: 'A host_network is called default, which the client has already',
  layer: 'node',
  severity: 'risks',
  heard: ['missing host network "default" for port "<label>"'],
  needs: ['node.document'],
  holds: ({ 'node.document': node }) => {
    const on = devices(node)
    return node.hostNetworks.some(({ name }) => name === 'default') && on.length > 1
      ? `${node.name} defines host_network "default", so that name now stands for ${on.join(' and ')}: ports without a host_network get an address of either`
      : false
  },
  intended: 'where an address of either will do',
  byHand: 'nomad node status -json <node>: NodeResources.NodeNetworks has the alias default on two devices.',
  explains: [],
  because:
    'Every client has a host network "default" without being told: the interface of the default route, or network_interface. A block of that name does not replace it, it adds a second interface under the same name. Ports then land on whichever address is listed first and free. Before Nomad 1.6.2, 1.5.9 and 1.4.13 a named block on network_interface even took the name default away.',
  fix: () => [
    {
      do: 'Rename the block and name it in the ports that need it; to move the default itself, set network_interface in the client block',
      on: 'client configuration',
      risk: 'The agent restarts; ports are given out anew with the next allocations',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#host_network-block',
    'https://github.com/hashicorp/nomad/issues/19726',
    'https://github.com/hashicorp/nomad/issues/18097',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the name stands for two interfaces',
      given: { 'node.document': client(true, 'eth0', 'eth1') },
      then: 'present',
    },
    { name: 'no such block', given: { 'node.document': client(false, 'eth0') }, then: 'absent' },
    {
      name: 'it matches the default interface itself',
      given: { 'node.document': client(true, 'eth0') },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'node',
    needs: ['node.document', 'node.agent'],
    shows: ['node.document'],
    holds: ({ 'node.document': node, 'node.agent': agent }) => {
      const found = second(node, agent)
      return found
        ? {
            says: `${node.name} defines host_network "default" (${found.cidr || found.interface}) beside the one every client has: ports without a host_network get an address of either`,
            severity: 'degrades',
            at: found,
          }
        : false
    },
    examples: [
      {
        name: 'a cidr under that name',
        given: {
          'node.document': nodeDocument({
            hostNetworks: [{ name: 'default', cidr: '10.60.0.0/24', interface: '', reservedPorts: '' }],
          }),
          'node.agent': {},
        },
        then: 'present',
      },
      {
        name: 'another name',
        given: {
          'node.document': nodeDocument({
            hostNetworks: [{ name: 'lan', cidr: '10.60.0.0/24', interface: '', reservedPorts: '' }],
          }),
          'node.agent': {},
        },
        then: 'absent',
      },
    ],
  },
})
