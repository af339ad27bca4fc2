import { fault } from '../../fault.ts'
export const noDefaultRoute = fault({
  id: 'no-default-route',
  about: 'node',
  title: 'The Nomad client does not start: it has no default route to find its interface by',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'client setup failed: fingerprinting failed: Error while detecting network interface  during fingerprinting: No default interface found',
    'no network_interface given and failed to determine interface attached to default route',
  ],
  needs: ['node.default-interface'],
  holds: ({ 'node.default-interface': found }) =>
    found === 'lost'
      ? 'The agent stopped with "No default interface found", and the main IPv4 table has no default route'
      : false,
  byHand:
    'On the client: ip -4 route show default prints nothing, and the newest lines of the agent log name the default interface.',
  explains: ['nsd-stale-registration', 'consul-stale-service', 'ingress-absent-on-node'],
  because:
    'Without client.network_interface the agent takes the interface of the IPv4 default route, and its address as the one for ports. A host without a default route, on an isolated network or with IPv6 only, gives it nothing to go by: the fingerprint fails and the agent ends. The servers see the client as down, and jobs that need it wait.',
  fix: () => [
    {
      do: 'Name the interface in the client block: network_interface = "<name>", and start the agent',
      on: 'client configuration',
      run: ['systemctl', 'start', 'nomad'],
      risk: 'none',
    },
    {
      do: 'Or give the host its default route back: ip route add default via <gateway>',
      on: 'client',
      risk: 'Traffic that had no way out gets one',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#network_interface',
    'client/fingerprint/network.go',
  ],
  since: '0.1.0',
  examples: [
    { name: 'the agent ended', given: { 'node.default-interface': 'lost' }, then: 'present' },
    { name: 'the client runs, or its route is back', given: { 'node.default-interface': 'found' }, then: 'absent' },
  ],
})
