import { clientOf, told } from '../../clients.ts'
import { edits, unset } from '../../edit.ts'
import { replaceJob } from '../../nomad-command.ts'
import { fault } from '../../fault.ts'
import { nodeDocument, record } from '../../samples.ts'

/** The loopback, bridges and links of container engines: no other machine has a way to their addresses. */
const internal = /^(?:lo$|docker\d|docker_gwbridge|br-[0-9a-f]{12}|virbr\d|veth|nomad$|cni\d|podman\d|lxcbr\d|lxdbr\d)/

export const wrongDefaultInterface = fault({
  id: 'wrong-default-interface',
  aliases: ['wrong-interface-fingerprinted'],
  about: 'path',
  title: 'The client offers its ports on an interface that the caller has no way to',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'dial tcp <address>:<port>: i/o timeout',
    'dial tcp <address>:<port>: connect: no route to host',
    'connect: network is unreachable',
  ],
  onlyWhen: { 'path.place': ['other-client'] },
  needs: ['target.alloc.record', 'path.host-address', 'target.node.document'],
  shows: ['path.host-address'],
  holds: ({ 'path.host-address': { address, device, default: home, routed, better }, 'target.node.document': node }) =>
    device !== null && home !== null && device !== home && !routed && better !== null
      ? `Ports of client ${node.name} have the address ${address} of interface ${device}, to which the caller's client has no route; its way to ${node.name} is ${better} on ${home}`
      : false,
  byHand:
    'nomad node status -verbose <node> shows the host network default on another interface than ip route show default; ip route get <address> on the caller leaves by its default gateway.',
  explains: ['loopback-address-registered'],
  because:
    'A client takes the addresses of one interface for its ports: the one of the default route, or the one that network_interface names. Docker publishes on that address, and services register it. When it belongs to a VPN, an overlay or a second card that the other machines are not in, their packets leave for their default gateway and are lost, although the client itself is well reachable by its other address.',
  fix: ({ 'path.host-address': { default: home }, 'target.node.document': node, 'target.alloc.record': alloc }) => [
    {
      do: `Set network_interface = "${home ?? '<interface>'}" (or delete it, to take the interface of the default route); for a second network declare a host_network and name it in the port block`,
      on: `client configuration of ${node.name}`,
      risk: 'The Nomad agent restarts; tasks go on',
    },
    {
      do: 'Replace the allocation, so that its ports are given anew',
      on: 'job',
      run: replaceJob(alloc),
      risk: 'The allocations are replaced one after the other',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#network_interface',
    'https://github.com/hashicorp/nomad/issues/10016',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the port is on a VPN that the caller is not in',
      given: {
        'target.alloc.record': record('a1'),
        'path.place': 'other-client',
        'path.host-address': {
          address: '10.99.0.11',
          device: 'vpn0',
          default: 'eth0',
          routed: false,
          better: '10.0.0.1',
        },
        'target.node.document': nodeDocument(),
      },
      then: 'present',
    },
    {
      name: 'a second card in a network that both are in',
      given: {
        'target.alloc.record': record('a1'),
        'path.place': 'other-client',
        'path.host-address': { address: '10.1.0.1', device: 'eth1', default: 'eth0', routed: true, better: '10.0.0.1' },
        'target.node.document': nodeDocument(),
      },
      then: 'absent',
    },
    {
      name: 'another site, by the default gateway both ways',
      given: {
        'target.alloc.record': record('a1'),
        'path.place': 'other-client',
        'path.host-address': { address: '10.2.0.1', device: 'eth0', default: 'eth0', routed: false, better: null },
        'target.node.document': nodeDocument(),
      },
      then: 'absent',
    },
    {
      name: 'on the same client every address is good',
      given: {
        'target.alloc.record': record('a1'),
        'path.place': 'same-client',
        'path.host-address': {
          address: '10.99.0.11',
          device: 'vpn0',
          default: 'eth0',
          routed: false,
          better: '10.0.0.1',
        },
        'target.node.document': nodeDocument(),
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'node',
    needs: ['node.agent'],
    holds: ({ 'node.agent': agent }) => {
      const device = told(clientOf(agent), 'NetworkInterface')
      return internal.test(device)
        ? {
            says: `network_interface is ${device}, ${device === 'lo' ? 'the loopback' : 'a bridge'} inside the client: ports are offered at an address that no other machine reaches`,
            at: [clientOf(agent), 'network_interface'],
          }
        : false
    },
    fix: ({ 'node.agent': agent }) => [
      {
        do: 'Delete network_interface, to use the interface of the default route, or name that of the LAN',
        on: 'client configuration',
        risk: 'The client agent has to be restarted; new allocations get the other address',
        ...edits([unset(clientOf(agent), 'network_interface')], 'it is not written out'),
      },
    ],
    examples: [
      { name: 'docker0', given: { 'node.agent': { Client: { NetworkInterface: 'docker0' } } }, then: 'present' },
      { name: 'the loopback', given: { 'node.agent': { Client: { NetworkInterface: 'lo' } } }, then: 'present' },
      { name: 'eth0', given: { 'node.agent': { Client: { NetworkInterface: 'eth0' } } }, then: 'absent' },
    ],
  },
})
