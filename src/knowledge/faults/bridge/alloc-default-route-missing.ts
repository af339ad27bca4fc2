import { cniNetwork, networked, routes } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import { record } from '../../samples.ts'
import { count } from '../../words.ts'

const given = {
  'alloc.record': record('a1'),
  ...networked(),
  'alloc.default-route': 'none',
  'alloc.routes': routes.slice(1),
  'alloc.cni.network': null,
} as const

export const allocDefaultRouteMissing = fault({
  id: 'alloc-default-route-missing',
  about: 'alloc',
  title: 'The allocation has no default route',
  layer: 'bridge',
  severity: 'breaks',
  heard: [
    'Network is unreachable',
    'connect: network is unreachable',
    'Expected Route {Dst:{IP:0.0.0.0 Mask:00000000} not found in routing table',
  ],
  onlyWhen: { 'alloc.namespace-kind': ['own'], 'alloc.status': ['running'] },
  needs: ['alloc.uplink', 'alloc.default-route', 'alloc.routes', 'alloc.cni.network', 'alloc.record'],
  shows: ['alloc.routes'],
  holds: ({ 'alloc.uplink': link, 'alloc.default-route': found, 'alloc.cni.network': network }) =>
    // A network without a route in its file is another fault; without eth0 there is nothing to route by.
    link === null || network?.defaultRoute === false || found === 'there'
      ? false
      : `The allocation on ${link.node} has no default route, so it answers nobody outside of its own bridge`,
  byHand: 'In the allocation: ip route has no line that begins with default.',
  explains: ['nsd-check-failing'],
  because:
    'Packets reach the allocation, but its answers to any address outside of the bridge\'s subnet need a default route by the bridge. Without it callers on other machines, and the client calling by its own address, time out, and the allocation itself gets "Network is unreachable", while 127.0.0.1 on the client still works, because that call appears to come from the bridge. The route is lost when something inside the namespace sets eth0 down and up again, or flushes the routes.',
  fix: ({ 'alloc.uplink': link, 'alloc.routes': own, 'alloc.record': record }) => [
    {
      do: 'Stop the allocation, so that a new one gets a complete network',
      on: 'job',
      run: allocCommand('stop', record),
      risk: 'The allocation is replaced',
    },
    {
      do: `Find what changes routes inside it (a task with NET_ADMIN, a VPN sidecar); ${count(own.length, 'route')} ${own.length === 1 ? 'is' : 'are'} left, and its bridge is ${link?.bridge?.name ?? 'unknown'}`,
      on: 'job file',
      risk: 'none',
    },
  ],
  references: [
    'https://www.cni.dev/plugins/current/main/bridge/',
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
  ],
  since: '0.1.0',
  examples: [
    { name: 'only the route to its own network is left', given, then: 'present' },
    {
      name: 'the network promises a default route',
      given: { ...given, 'alloc.cni.network': cniNetwork() },
      then: 'present',
    },
    {
      name: 'there is a default route',
      given: { ...given, 'alloc.default-route': 'there', 'alloc.routes': routes },
      then: 'absent',
    },
    {
      name: 'the network of the operator has none by its file',
      given: { ...given, 'alloc.cni.network': cniNetwork({ defaultRoute: false }) },
      then: 'absent',
    },
    { name: 'there is no eth0', given: { ...given, 'alloc.uplink': null }, then: 'absent' },
    {
      name: 'host networking uses the routes of the client',
      given: { ...given, 'alloc.namespace-kind': 'host' },
      then: 'absent',
    },
    { name: 'the allocation does not run', given: { ...given, 'alloc.status': 'failed' }, then: 'absent' },
    { name: 'it is being stopped', given: { ...given, 'alloc.status': 'stopping' }, then: 'absent' },
  ],
})
