import { fault } from '../../fault.ts'

const port = {
  label: 'http',
  number: null,
  mapped: { label: 'http', hostIp: '10.0.0.11', hostPort: 25001, to: 8080, hostNetwork: 'default' },
}
const call = { address: '10.0.0.11', port: 25001, from: 'env PEERS of task broker' }
const given = {
  'path.entry': 'self',
  'path.port': port,
  'path.turned-back': { place: 'client c1', bridge: 'nomad', veth: 'veth1a2b3c4d', ...call },
} as const

export const bridgeHairpinSelf = fault({
  id: 'bridge-hairpin-self',
  aliases: ['hairpin-off'],
  about: 'path',
  title: 'An allocation calls itself through its own host port, and the bridge does not turn packets around',
  layer: 'bridge',
  severity: 'breaks',
  heard: ['nomad.bridge.hairpin_mode = false', 'dial tcp <address>:<port>: i/o timeout', 'Connection timed out'],
  onlyWhen: { 'path.entry': ['self'] },
  needs: ['path.turned-back', 'path.port'],
  shows: ['path.turned-back'],
  holds: ({ 'path.turned-back': call }) =>
    call
      ? `A call of the allocation to its own host port ${call.address}:${call.port} (${call.from}) ends at ${call.veth}, its port of bridge ${call.bridge} on ${call.place}, which has hairpin mode off`
      : false,
  byHand:
    'On the client: bridge -d link show dev <veth> says "hairpin off", and sysctl net.bridge.bridge-nf-call-iptables says 1. Other allocations reach the same address.',
  explains: [],
  because:
    'The host port is translated back to the allocation that called it, so the packet would have to leave the bridge by the port it came in. A bridge drops such a packet unless that port is in hairpin mode, and with bridge-nf-call-iptables = 1 the translation takes place on the bridge itself, where this rule holds. The caller sees a time-out; every other caller is served. Software that lists itself among its cluster members (brokers, databases, Loki) finds this first.',
  fix: ({ 'path.port': { mapped }, 'path.turned-back': call }) => [
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
      on: call?.place ?? 'client',
      run: ['bridge', 'link', 'set', 'dev', call?.veth ?? '<veth>', 'hairpin', 'on'],
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
      name: 'hairpin is on, bridged frames do not meet iptables, or it dials localhost',
      given: { ...given, 'path.turned-back': null },
      then: 'absent',
    },
    { name: 'another allocation calls', given: { ...given, 'path.entry': 'bridge' }, then: 'absent' },
  ],
})
