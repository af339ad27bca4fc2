import { fault } from '../../fault.ts'
import type { Attempt } from '../../shapes/runtime.ts'

const unreached: readonly Attempt['outcome'][] = ['timed-out', 'unreachable']
const private4 = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/

const attempt = (from: Attempt['from'], outcome: Attempt['outcome']): Attempt => ({
  from,
  place: from === 'target-node' ? 'client c1' : 'client c2',
  host: '10.8.0.11',
  port: 25_001,
  outcome,
  ms: 3000,
})
const address = { address: '10.8.0.11', device: 'eth0', default: 'eth0', routed: false, better: null }
const ends = { remote: attempt('source', 'timed-out'), local: attempt('target-node', 'answered'), others: false }

export const hostipNotRoutableForPeer = fault({
  id: 'hostip-not-routable-for-peer',
  about: 'path',
  title: "The port's address belongs to a network that the caller's client has no way to",
  layer: 'node',
  severity: 'breaks',
  heard: ['dial tcp <address>:<port>: i/o timeout', 'dial tcp <address>:<port>: connect: no route to host'],
  onlyWhen: { 'path.place': ['other-client'] },
  needs: ['path.host-address', 'path.ends'],
  holds: ({ 'path.host-address': { address, routed, better, device }, 'path.ends': ends }) =>
    ends?.local &&
    !routed &&
    better === null &&
    device !== null &&
    private4.test(address) &&
    unreached.includes(ends.remote.outcome) &&
    !unreached.includes(ends.local.outcome)
      ? `${address} is a private address of ${ends.local.place}, and ${ends.remote.place} has only its default route for it: packets go to a gateway that does not know the way`
      : false,
  byHand: "On the caller's client: ip route get <address> leaves by the default gateway, and traceroute ends there.",
  explains: ['node-to-node-blocked'],
  because:
    'The host address of a port is what the agent found on its interface: the private one in a cloud, an address behind NAT, a network of another site. Clients in one network reach it; a client elsewhere sends it to its own default gateway, which has no route for private networks of others. Nomad places the allocations of a job in several datacenters without knowing any of this.',
  fix: ({ 'path.host-address': { address } }) => [
    {
      do: `Route the network of ${address} between the sites (VPN, peering), both ways`,
      on: 'network',
      risk: 'The sites reach each other',
    },
    {
      do: 'Or set network_interface, or a host_network with the address that others can reach, on the client of the target, and name it in the port block',
      on: 'client configuration',
      risk: 'The agent restarts; the allocation is replaced',
    },
    { do: 'Or keep caller and target in one datacenter', on: 'job file', risk: 'The allocations are replaced' },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#network_interface',
    'https://github.com/hashicorp/nomad/issues/12876',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'another site',
      given: { 'path.place': 'other-client', 'path.host-address': address, 'path.ends': ends },
      then: 'present',
    },
    {
      name: 'a route leads there',
      given: { 'path.place': 'other-client', 'path.host-address': { ...address, routed: true }, 'path.ends': ends },
      then: 'absent',
    },
    {
      name: 'the gateway knows the way',
      given: {
        'path.place': 'other-client',
        'path.host-address': address,
        'path.ends': { ...ends, remote: attempt('source', 'answered') },
      },
      then: 'absent',
    },
    {
      name: 'on the same client',
      given: { 'path.place': 'same-client', 'path.host-address': address, 'path.ends': null },
      then: 'absent',
    },
  ],
})
