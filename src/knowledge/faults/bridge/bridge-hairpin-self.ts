import { uplink } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'

/** Bridged frames meet iptables: for all bridges of the namespace, or for this one. */
const filtered = (settings: Readonly<Record<string, string>>, own: boolean): boolean =>
  own || settings['net.bridge.bridge-nf-call-iptables'] === '1'

const port = {
  label: 'http',
  number: null,
  mapped: { label: 'http', hostIp: '10.0.0.11', hostPort: 25001, to: 8080, hostNetwork: 'default' },
}
const given = {
  'path.entry': 'self',
  'path.dials': [{ host: '10.0.0.11', port: 25001, from: 'env PEERS of task broker' }],
  'path.port': port,
  'target.alloc.uplink': uplink({ hairpin: false }),
  'target.node.sysctls': { 'net.bridge.bridge-nf-call-iptables': '1' },
} as const

export const bridgeHairpinSelf = fault({
  id: 'bridge-hairpin-self',
  aliases: ['hairpin-off'],
  about: 'path',
  title: 'An allocation calls itself through its own host port, and the bridge does not turn packets around',
  layer: 'bridge',
  severity: 'breaks',
  heard: ['nomad.bridge.hairpin_mode = false', 'i/o timeout', 'Connection timed out'],
  onlyWhen: { 'path.entry': ['self'] },
  needs: ['path.dials', 'path.port', 'target.alloc.uplink', 'target.node.sysctls'],
  shows: ['target.alloc.uplink', 'path.dials', 'target.node.sysctls'],
  holds: ({
    'path.dials': dials,
    'path.port': { mapped },
    'target.alloc.uplink': link,
    'target.node.sysctls': settings,
  }) => {
    const dial =
      mapped &&
      dials.find((one) => one.host === mapped.hostIp && (one.port === undefined || one.port === mapped.hostPort))
    if (!dial || !link?.bridge || link.hairpin !== false || !filtered(settings, link.bridge.callsIptables)) return false
    return `The allocation dials its own host port ${mapped.hostIp}:${mapped.hostPort} (${dial.from}), and ${link.veth}, its port of bridge ${link.bridge.name} on ${link.node}, has hairpin mode off`
  },
  byHand:
    'On the client: bridge -d link show dev <veth> says "hairpin off", and sysctl net.bridge.bridge-nf-call-iptables says 1. Other allocations reach the same address.',
  explains: [],
  because:
    'The host port is translated back to the allocation that called it, so the packet would have to leave the bridge by the port it came in. A bridge drops such a packet unless that port is in hairpin mode, and with bridge-nf-call-iptables = 1 the translation takes place on the bridge itself, where this rule holds. The caller sees a time-out; every other caller is served. Software that lists itself among its cluster members (brokers, databases, Loki) finds this first.',
  fix: ({ 'path.port': { mapped }, 'target.alloc.uplink': link }) => [
    {
      do: `Let the task call itself by 127.0.0.1:${mapped ? (mapped.to > 0 ? mapped.to : mapped.hostPort) : '<port>'}, or by NOMAD_ALLOC_ADDR_${mapped?.label ?? '<label>'}`,
      on: 'job file',
      risk: 'The allocation is replaced',
    },
    {
      do: 'Or set bridge_network_hairpin_mode = true in the client block (Nomad 1.5.0 and newer), restart the agent and replace the allocation: the mode is set when its network is set up',
      on: 'client configuration',
      risk: 'Allocations that run keep the old mode',
    },
    {
      do: 'To try it at once',
      on: `client ${link?.node ?? ''}`,
      run: ['bridge', 'link', 'set', 'dev', link?.veth ?? '<veth>', 'hairpin', 'on'],
      risk: 'none; gone with the allocation',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#bridge_network_hairpin_mode',
    'https://github.com/hashicorp/nomad/issues/13352',
  ],
  since: '0.1.0',
  examples: [
    { name: 'it dials its own host port, hairpin is off', given, then: 'present' },
    {
      name: 'iptables on this bridge only',
      given: {
        ...given,
        'target.node.sysctls': {},
        'target.alloc.uplink': uplink({
          hairpin: false,
          bridge: { name: 'nomad', up: true, addresses: ['172.26.64.1/20'], callsIptables: true },
        }),
      },
      then: 'present',
    },
    { name: 'hairpin is on', given: { ...given, 'target.alloc.uplink': uplink({ hairpin: true }) }, then: 'absent' },
    {
      name: 'bridged frames do not meet iptables, so the packet is routed',
      given: { ...given, 'target.node.sysctls': { 'net.bridge.bridge-nf-call-iptables': '0' } },
      then: 'absent',
    },
    {
      name: 'it dials localhost',
      given: { ...given, 'path.dials': [{ host: '127.0.0.1', port: 8080, from: 'env PEERS of task broker' }] },
      then: 'absent',
    },
    { name: 'another allocation calls', given: { ...given, 'path.entry': 'bridge' }, then: 'absent' },
  ],
})
