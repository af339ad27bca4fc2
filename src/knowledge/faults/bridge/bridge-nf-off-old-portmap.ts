import { inbound } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import { before } from '../../version.ts'

const key = 'net.bridge.bridge-nf-call-iptables'
const off = (settings: Readonly<Record<string, string>>): boolean => (settings[key] ?? '0').trim() === '0'

const given = {
  'path.entry': 'bridge',
  'target.group.network.mode': 'bridge',
  'path.inbound.way': inbound({ in: 'nomad' }),
  'target.node.cni.plugins': { bridge: '0.8.5', portmap: '0.8.5' },
  'target.node.sysctls': { [key]: '0' },
} as const

export const bridgeNfOffOldPortmap = fault({
  id: 'bridge-nf-off-old-portmap',
  about: 'path',
  title: 'An old portmap plugin, on a bridge that skips iptables: neighbours do not reach the port',
  layer: 'bridge',
  severity: 'breaks',
  heard: ['connect: connection timed out', 'dial tcp <address>:<port>: i/o timeout'],
  onlyWhen: { 'path.entry': ['bridge'], 'target.group.network.mode': ['bridge'] },
  needs: ['path.inbound.way', 'target.node.cni.plugins', 'target.node.sysctls'],
  shows: ['target.node.cni.plugins', 'target.node.sysctls'],
  holds: ({ 'path.inbound.way': way, 'target.node.cni.plugins': plugins, 'target.node.sysctls': settings }) => {
    const version = plugins['portmap']
    return way?.inside && version !== undefined && before(version, '0.8.6') && off(settings)
      ? `${way.node} has portmap ${version} and ${key} = 0: the answer of ${way.inside.address} goes straight over the bridge, and its caller does not know it`
      : false
  },
  byHand:
    'On the client: sysctl net.bridge.bridge-nf-call-iptables (0, or no such key), and /opt/cni/bin/portmap prints a version before 0.8.6; from other machines the port answers.',
  explains: [],
  because:
    'An allocation that calls a host port of its neighbour on the same bridge has its destination translated. The answer must come back by the same rules to be translated too. Since 0.8.6 portmap gives such a caller another source, so the answer passes the client. Older ones do so only for the allocation itself, and rely on the kernel to show bridged packets to iptables (bridge-nf-call-iptables = 1).',
  fix: () => [
    {
      do: 'Install CNI plugins of 1.0 or newer; allocations that start afterwards get the better rules',
      on: 'client',
      risk: 'none',
    },
    {
      do: 'Or load br_netfilter and set the switch, also in /etc/modules-load.d and /etc/sysctl.d',
      on: 'client',
      run: ['sysctl', '-w', `${key}=1`],
      risk: 'Packets between allocations of one bridge pass the FORWARD rules then',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
    'https://github.com/hashicorp/nomad/issues/6580',
    'https://github.com/containernetworking/plugins/pull/469',
  ],
  since: '0.1.0',
  examples: [
    { name: 'portmap 0.8.5, and the switch is off', given, then: 'present' },
    {
      name: 'the module is not even loaded',
      given: { ...given, 'target.node.sysctls': {} },
      then: 'present',
    },
    {
      name: 'a newer portmap does not mind',
      given: { ...given, 'target.node.cni.plugins': { portmap: '1.1.1' } },
      then: 'absent',
    },
    { name: 'the switch is on', given: { ...given, 'target.node.sysctls': { [key]: '1' } }, then: 'absent' },
    { name: 'the caller is elsewhere', given: { ...given, 'path.entry': 'lan' }, then: 'absent' },
    { name: 'host networking', given: { ...given, 'target.group.network.mode': 'host' }, then: 'absent' },
  ],
})
