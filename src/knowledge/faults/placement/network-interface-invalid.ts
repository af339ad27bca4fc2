import { fault } from '../../fault.ts'
import { quoted } from '../../quoted.ts'

const said =
  /Failed to parse network-interface: [^\n]*|Error while detecting network interface (?! ?during)\S+ during fingerprinting: [^\n]*/

export const networkInterfaceInvalid = fault({
  id: 'network-interface-invalid',
  about: 'node',
  title: 'The agent does not start, because network_interface names no interface',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Failed to parse network-interface: invalid interface name "<interface>"',
    'Failed to parse network-interface: template "<template>" evaluated to empty result',
    'Error while detecting network interface <interface> during fingerprinting: route ip+net: no such network interface',
  ],
  onlyWhen: { 'node.up': ['down'] },
  needs: ['node.agent-log'],
  holds: ({ 'node.agent-log': log }) => {
    const found = log.split('\n').findLast((line) => said.test(line))
    return found === undefined ? false : `The agent ended with: ${quoted(said.exec(found)?.[0] ?? '', 200)}`
  },
  byHand: 'On the client: ip -br link lists the interfaces; compare with network_interface in the client block.',
  explains: ['nsd-stale-registration', 'consul-stale-service', 'ingress-absent-on-node'],
  because:
    'network_interface is looked up when the agent starts. A card gets another name after a change of hardware or of the system, a VPN interface is not up yet when the agent starts at boot, and a go-sockaddr template may match nothing. In each case the agent ends, the servers see the client as down, and its allocations are lost.',
  fix: () => [
    {
      do: 'Set network_interface to an interface that is there at boot, or remove it: the one of the default route is taken then',
      on: 'client configuration',
      risk: 'Ports of new allocations get the addresses of that interface',
    },
    {
      do: 'For a VPN: start the agent after it (After= and Requires= in the unit)',
      on: 'client',
      risk: 'none',
    },
    { do: 'Start the agent', on: 'client', run: ['systemctl', 'start', 'nomad'], risk: 'none' },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#network_interface',
    'command/agent/config.go',
    'client/fingerprint/network.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the card has another name',
      given: {
        'node.up': 'down',
        'node.agent-log':
          '==> Error while detecting network interface eth9 during fingerprinting: route ip+net: no such network interface',
      },
      then: 'present',
    },
    {
      name: 'a template that matches nothing',
      given: {
        'node.up': 'down',
        'node.agent-log':
          'Failed to parse network-interface: template "{{ GetInterfaceIP \\"wg0\\" }}" evaluated to empty result',
      },
      then: 'present',
    },
    {
      name: 'no interface was asked for, and there is no default route',
      given: {
        'node.up': 'down',
        'node.agent-log':
          'client setup failed: fingerprinting failed: Error while detecting network interface  during fingerprinting: No default interface found',
      },
      then: 'absent',
    },
    {
      name: 'the client runs',
      given: {
        'node.up': 'up',
        'node.agent-log': 'Failed to parse network-interface: invalid interface name "eth9"',
      },
      then: 'absent',
    },
  ],
})
