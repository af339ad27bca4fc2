import { clientText } from '../../agent.ts'
import { fault } from '../../fault.ts'
import { link } from '../../samples.ts'
import type { Link, Route } from '../../shapes/packet.ts'

type Settings = Readonly<Record<string, string>>
const of = (nic: string) => `net.ipv6.conf.${nic}.accept_ra`

/** Devices behind which allocations and containers are, not routers. */
const within = new Set(['bridge', 'veth', 'loopback'])

/** Cards that would take a route from a router, if the client did not forward. */
const deaf = (settings: Settings, links: readonly Link[]): readonly string[] =>
  links.flatMap(({ name, kind, up }) => (up && !within.has(kind) && settings[of(name)]?.trim() === '1' ? [name] : []))
const led = (routes: readonly Route[]): boolean =>
  routes.some(({ dst, table, type }) => dst === 'default' && table === 'main' && type === 'unicast')

const agent = (subnet: string) => ({ Client: { BridgeNetworkSubnetIPv6: subnet } })
const settings = (accept: string): Settings => ({ 'net.ipv6.conf.all.forwarding': '1', [of('eth0')]: accept })
const links: readonly Link[] = [link('eth0'), { ...link('nomad'), kind: 'bridge' }]
const byRouter: Route = {
  family: 6,
  dst: 'default',
  prefix: 0,
  gateway: 'fe80::1',
  dev: 'eth0',
  table: 'main',
  type: 'unicast',
  metric: 1024,
  hops: [],
  flags: [],
}

export const ipv6RaRouteLost = fault({
  id: 'ipv6-ra-route-lost',
  about: 'node',
  title: "The client forwards IPv6 for its bridge, and so takes no route from its network's router any more",
  layer: 'node',
  severity: 'risks',
  heard: ['RTNETLINK answers: Network is unreachable', 'connect: network is unreachable'],
  needs: ['node.agent', 'node.sysctls', 'node.routes6', 'node.links'],
  shows: ['node.sysctls', 'node.routes6'],
  holds: ({ 'node.agent': own, 'node.sysctls': set, 'node.routes6': routes, 'node.links': links }) => {
    if (clientText(own, 'BridgeNetworkSubnetIPv6') === '' || set['net.ipv6.conf.all.forwarding'] !== '1') return false
    const [nic] = deaf(set, links)
    return nic !== undefined && !led(routes)
      ? `The client has an IPv6 bridge and no IPv6 default route; it forwards, and with ${of(nic)} = 1 it ignores what routers announce`
      : false
  },
  intended: 'in a network without IPv6 routers',
  byHand:
    'On the client: ip -6 route show default is empty; sysctl net.ipv6.conf.all.forwarding is 1 and net.ipv6.conf.<card>.accept_ra is 1. Before the first bridge allocation there was a route "proto ra".',
  explains: [],
  because:
    'With bridge_network_subnet_ipv6 the bridge plugin switches IPv6 forwarding on, for all interfaces. A Linux machine that forwards counts as a router itself: it drops the default route it learned from router advertisements and takes no new one while accept_ra is 1. Some minutes after the first bridge allocation the client, and all its allocations, lose the way out over IPv6. Docker with IPv6 does the same.',
  fix: ({ 'node.sysctls': set, 'node.links': links }) => {
    const key = of(deaf(set, links)[0] ?? '<card>')
    return [
      {
        do: `Let the card listen to routers although it forwards, also in /etc/sysctl.d: ${key} = 2`,
        on: 'client',
        run: ['sysctl', '-w', `${key}=2`],
        risk: 'none',
      },
      { do: 'Or set the IPv6 default route by hand in the network configuration', on: 'client', risk: 'none' },
    ]
  },
  references: [
    'https://docs.kernel.org/networking/ip-sysctl.html',
    'https://developer.hashicorp.com/nomad/docs/configuration/client#bridge_network_subnet_ipv6',
  ],
  versions: { nomad: '>= 1.9.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'no route is left',
      given: {
        'node.agent': agent('fd00:a110::/64'),
        'node.sysctls': settings('1'),
        'node.routes6': [],
        'node.links': links,
      },
      then: 'present',
    },
    {
      name: 'the card listens all the same',
      given: {
        'node.agent': agent('fd00:a110::/64'),
        'node.sysctls': settings('2'),
        'node.routes6': [],
        'node.links': links,
      },
      then: 'absent',
    },
    {
      name: 'only a bridge does not listen',
      given: {
        'node.agent': agent('fd00:a110::/64'),
        'node.sysctls': { ...settings('2'), [of('nomad')]: '1' },
        'node.routes6': [],
        'node.links': links,
      },
      then: 'absent',
    },
    {
      name: 'it has a route',
      given: {
        'node.agent': agent('fd00:a110::/64'),
        'node.sysctls': settings('1'),
        'node.routes6': [byRouter],
        'node.links': links,
      },
      then: 'absent',
    },
    {
      name: 'the bridge has no IPv6',
      given: { 'node.agent': agent(''), 'node.sysctls': settings('1'), 'node.routes6': [], 'node.links': links },
      then: 'absent',
    },
  ],
})
