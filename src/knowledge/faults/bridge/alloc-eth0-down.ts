import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import { link, record } from '../../samples.ts'
import type { Link } from '../../shapes/packet.ts'
import type { AllocRecord } from '../../shapes/runtime.ts'

const given = {
  'alloc.namespace-kind': 'own',
  'alloc.status': 'running',
  'alloc.links': [link('lo', '127.0.0.1'), link('eth0', '172.26.64.2')],
  'alloc.record': record('6b235529', { address: '172.26.64.2' }),
} as const
const eth0 = (changed: Partial<Link>) => ({
  ...given,
  'alloc.links': [link('lo', '127.0.0.1'), { ...link('eth0', '172.26.64.2'), ...changed }],
})

/** What keeps eth0 from taking what is sent to the allocation. */
function wrong(links: readonly Link[], { address }: AllocRecord): string | undefined {
  const own = links.find(({ name }) => name === 'eth0')
  // IPv6 may be written in several ways, and comes after the allocation is registered.
  if (!own || address === undefined || address.includes(':')) return undefined
  if (!own.up) return 'is set down'
  if (links.some(({ addresses }) => addresses.some((one) => one.address === address))) return undefined
  const others = own.addresses.flatMap((one) => (one.family === 4 ? [one.address] : []))
  return others.length === 0 ? 'has no IPv4 address' : `has ${others.join(', ')}`
}

export const allocEth0Down = fault({
  id: 'alloc-eth0-down',
  about: 'alloc',
  title: "The allocation's eth0 is down or has lost its address",
  layer: 'bridge',
  severity: 'breaks',
  heard: [
    'eth0: <BROADCAST,MULTICAST> mtu 1500 qdisc noqueue state DOWN',
    'Network is unreachable',
    'No route to host',
  ],
  onlyWhen: { 'alloc.namespace-kind': ['own'], 'alloc.status': ['running'] },
  needs: ['alloc.links', 'alloc.record'],
  shows: ['alloc.links'],
  holds: ({ 'alloc.links': links, 'alloc.record': own }) => {
    const what = wrong(links, own)
    return what === undefined
      ? false
      : `The allocation is registered with ${own.address ?? ''}, and eth0 in its network namespace on ${own.nodeName} ${what}`
  },
  byHand: 'In the allocation: ip addr show eth0 has to list UP and the address that nomad alloc status shows.',
  explains: ['nsd-check-failing', 'alloc-default-route-missing'],
  because:
    'Packets for the allocation are handed to eth0 in its network namespace. When that is set down, or its address is taken away, nobody answers for the address any more, and the kernel removes the routes by eth0 with it, the default route first; setting eth0 up again brings neither that route back nor an address. Neither Nomad nor the plug-ins look at it again while the allocation runs: something inside does this, a task with NET_ADMIN or a VPN sidecar.',
  fix: ({ 'alloc.record': record }) => [
    {
      do: 'Stop the allocation, so that a new one gets a complete network',
      on: 'job',
      run: allocCommand('stop', record),
      risk: 'The allocation is replaced',
    },
    {
      do: `Or by hand, inside its network namespace (nsenter -t <pid of a task> -n): set eth0 up, give it ${record.address ?? 'its address'} with the prefix of the bridge, and add the default route by the address of the bridge`,
      on: 'client',
      risk: 'none',
    },
    {
      do: 'Find what changes it: a task with NET_ADMIN, a VPN sidecar, a script that enters the namespace',
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
    { name: 'eth0 is down', given: eth0({ up: false }), then: 'present' },
    { name: 'its address is gone', given: eth0({ addresses: [] }), then: 'present' },
    {
      name: 'it has another address',
      given: eth0({ addresses: link('eth0', '172.26.64.9').addresses }),
      then: 'present',
    },
    { name: 'eth0 has the address', given, then: 'absent' },
    {
      name: 'there is no eth0 at all',
      given: { ...given, 'alloc.links': [link('lo', '127.0.0.1')] },
      then: 'absent',
    },
    {
      name: 'the allocation never got an address',
      given: { ...given, 'alloc.record': record('6b235529') },
      then: 'absent',
    },
    { name: 'host networking needs none', given: { ...given, 'alloc.namespace-kind': 'host' }, then: 'absent' },
    { name: 'the allocation does not run', given: { ...given, 'alloc.status': 'failed' }, then: 'absent' },
  ],
})
