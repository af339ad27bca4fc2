import { fault } from '../../fault.ts'
import { originOf } from '../../origin-of.ts'
import type { SixDoor } from '../../shapes/walk.ts'

const door = (but: Partial<SixDoor> = {}): SixDoor => ({
  place: 'client c1',
  address: '2001:db8:40::11',
  port: 25001,
  from: 'env ORDERS of task web',
  outcome: 'refused',
  mapped: '10.0.0.11',
  ...but,
})
const given = { 'target.group.network.mode': 'bridge', 'path.six-door': door() } as const
const met = ({ outcome, place }: SixDoor): string =>
  outcome === 'silent'
    ? 'and nothing comes back'
    : outcome === 'refused'
      ? `which ${place} refuses`
      : `to which ${place} has no way`
const isLoop = ({ address }: SixDoor): boolean => address === '::1'

export const ipv6Hostport = fault({
  id: 'ipv6-hostport',
  about: 'path',
  title: 'The host port is called over IPv6, and only IPv4 leads into the allocation',
  layer: 'port',
  severity: 'breaks',
  heard: [
    'connect to ::1 port <port> failed: Connection refused',
    'dial tcp [::1]:<port>: connect: connection refused',
  ],
  onlyWhen: { 'target.group.network.mode': ['bridge', 'cni'] },
  needs: ['path.six-door'],
  holds: ({ 'path.six-door': found }) =>
    found
      ? `The source calls [${found.address}]:${found.port} (${originOf(found)}), ${met(found)}; the port is mapped by ${found.mapped}`
      : false,
  byHand:
    'On the client: ip6tables -t nat -S has no rule for the host port. curl -4 to it answers, curl -6 does not, and [::1] never does.',
  explains: [],
  because:
    "A host port is mapped for the addresses the allocation has. Nomad's bridge has IPv4 alone unless bridge_network_subnet_ipv6 is set, so over IPv6 nobody translates the port and the client refuses the connection. The loopback address ::1 never works, with IPv6 on the bridge either: the kernel has no route_localnet for IPv6. Where localhost is looked up as ::1 first, a program that tries one address only fails while 127.0.0.1 would answer.",
  fix: ({ 'path.six-door': found }) => [
    {
      do: `Call ${found && !isLoop(found) ? found.mapped : '127.0.0.1, or the IPv4 address of the client,'} instead of ${found?.address ?? 'the IPv6 address'}`,
      on: 'job file',
      risk: 'The allocation is replaced',
    },
    ...(found && isLoop(found)
      ? []
      : [
          {
            do: 'Or set bridge_network_subnet_ipv6, and let the program in the allocation listen on IPv6 as well',
            on: 'client configuration' as const,
            risk: 'Drain the client first; the client loses default routes learnt from router advertisements unless accept_ra is 2',
          },
        ]),
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#bridge_network_subnet_ipv6',
    'https://www.cni.dev/plugins/current/meta/portmap/',
  ],
  since: '0.1.0',
  examples: [
    { name: 'by the IPv6 address of the client', given, then: 'present' },
    {
      name: 'by ::1, with nothing coming back',
      given: { ...given, 'path.six-door': door({ address: '::1', outcome: 'silent' }) },
      then: 'present',
    },
    {
      name: 'from where there is no IPv6',
      given: { ...given, 'path.six-door': door({ place: 'allocation 6b235529', outcome: 'unreachable' }) },
      then: 'present',
    },
    { name: 'nobody calls it over IPv6', given: { ...given, 'path.six-door': null }, then: 'absent' },
    {
      name: 'with host networking nothing is mapped',
      given: { ...given, 'target.group.network.mode': 'host' },
      then: 'absent',
    },
  ],
})
