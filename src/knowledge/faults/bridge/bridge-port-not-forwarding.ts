import { networked } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import type { Uplink } from '../../shapes/crossing.ts'

const bridge = { name: 'nomad', up: true, addresses: ['172.26.64.1/20'], callsIptables: false }

const isShut = (link: Uplink | null): link is Uplink & { readonly bridge: NonNullable<Uplink['bridge']> } =>
  link !== null && link.bridge !== null && link.bridge.up && link.up && link.state !== undefined

export const bridgePortNotForwarding = fault({
  id: 'bridge-port-not-forwarding',
  about: 'alloc',
  title: "The bridge passes nothing on by the allocation's port",
  layer: 'bridge',
  severity: 'breaks',
  heard: ['<bridge>: port <n>(<veth>) entered disabled state', 'master <bridge> state disabled', 'No route to host'],
  onlyWhen: { 'alloc.namespace-kind': ['own'], 'alloc.status': ['running'] },
  needs: ['alloc.uplink'],
  holds: ({ 'alloc.uplink': link }) =>
    isShut(link)
      ? `On ${link.node} ${link.veth}, the allocation's port of bridge ${link.bridge.name}, is in state ${link.state ?? ''}, so no frame passes by it`
      : false,
  byHand:
    "On the client: bridge link show dev <veth>, the host's end of the allocation's eth0, has to say state forwarding.",
  explains: ['nsd-check-failing'],
  because:
    'A bridge passes frames on by a port in state forwarding alone; in the states disabled, blocking, listening and learning it drops them, while the link itself is up and looks healthy. Where the bridge speaks the spanning tree protocol, a new port listens and learns for half a minute, and stays blocked when it seems to close a loop; otherwise somebody set the state. Nobody answers for the allocation\'s address then, so callers get "No route to host" after about three seconds.',
  fix: ({ 'alloc.uplink': link }) => {
    if (!isShut(link)) return []
    const on = `client ${link.node}`
    return link.bridge.stp
      ? [
          {
            do: 'Wait for half a minute: a new port listens and learns before it forwards',
            on,
            run: ['bridge', 'link', 'show', 'dev', link.veth],
            risk: 'none: it only lists',
          },
          {
            do: 'Switch the spanning tree protocol of the bridge off: allocations make no loops',
            on,
            run: ['ip', 'link', 'set', link.bridge.name, 'type', 'bridge', 'stp_state', '0'],
            risk: 'A loop that another port of the bridge makes is not broken any more',
          },
        ]
      : [
          {
            do: 'Let the port forward again',
            on,
            run: ['bridge', 'link', 'set', 'dev', link.veth, 'state', '3'],
            risk: 'none',
          },
          { do: 'Find what sets it: a network manager or a script that takes veth* for its own', on, risk: 'none' },
        ]
  },
  references: [
    'https://man7.org/linux/man-pages/man8/bridge.8.html',
    'https://www.kernel.org/doc/html/latest/networking/bridge.html',
  ],
  since: '0.1.0',
  examples: [
    { name: 'somebody disabled it', given: networked({ state: 'disabled' }), then: 'present' },
    {
      name: 'the spanning tree protocol blocks it',
      given: networked({ state: 'blocking', bridge: { ...bridge, stp: true } }),
      then: 'present',
    },
    { name: 'it forwards', given: networked(), then: 'absent' },
    { name: 'the port is down', given: networked({ up: false, state: 'disabled' }), then: 'absent' },
    { name: 'there is no eth0 at all', given: { ...networked(), 'alloc.uplink': null }, then: 'absent' },
    {
      name: 'host networking has no port',
      given: { ...networked({ state: 'disabled' }), 'alloc.namespace-kind': 'host' },
      then: 'absent',
    },
    {
      name: 'the allocation does not run',
      given: { ...networked({ state: 'disabled' }), 'alloc.status': 'failed' },
      then: 'absent',
    },
  ],
})
