import { fault } from '../../fault.ts'

const said = /network configuration check failed[^\n]*?((?:Bridge interface|Interface) \S+ Mac[^\n"]*)/

export const cniCheckFalseFailure = fault({
  id: 'cni-check-false-failure',
  about: 'node',
  title: 'A restart of the agent rebuilds networks, because something changed the hardware addresses',
  layer: 'bridge',
  severity: 'degrades',
  heard: [
    'network configuration check failed',
    "Interface <veth> Mac doesn't match: <mac> not found",
    "Bridge interface nomad Mac doesn't match: <mac>",
    "Interface eth0 Mac <mac> doesn't match container Mac: <mac>",
  ],
  needs: ['node.agent-log'],
  holds: ({ 'node.agent-log': log }) => {
    const line = log.split('\n').findLast((one) => said.test(one))
    return line === undefined
      ? false
      : `The agent found a network changed and set it up anew: ${(said.exec(line)?.[1] ?? '').trim().slice(0, 140)}`
  },
  byHand:
    'In the log of the agent after its start: "network configuration check failed" with "Mac doesn\'t match"; udevadm test-builtin net_setup_link /sys/class/net/nomad shows MACAddressPolicy=persistent.',
  explains: [],
  because:
    'Since Nomad 1.9.5 an agent that starts has the CNI plugins check every network it finds. They compare the hardware addresses of bridge and veth pair with those they wrote down. systemd gives new interfaces a fixed address of its own shortly after they are made (MACAddressPolicy=persistent), so the check fails, and each restart of the agent cuts the connections of all bridge allocations.',
  fix: () => [
    {
      do: 'Write /etc/systemd/network/10-veth.link with [Match] Driver=veth and [Link] MACAddressPolicy=none, and the same for OriginalName=nomad',
      on: 'client',
      risk: 'Acts on interfaces that are made afterwards',
    },
    { do: 'Install CNI plugins of 1.6 or newer, which read the address again', on: 'client', risk: 'none' },
  ],
  references: [
    'https://github.com/containernetworking/plugins/issues/805',
    'https://github.com/hashicorp/nomad/issues/25510',
    'client/allocrunner/network_hook.go',
  ],
  versions: { nomad: '>= 1.9.5 || >= 1.8.10 < 1.9.0 || >= 1.7.18 < 1.8.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'the address of a veth was changed',
      given: {
        'node.agent-log':
          '[WARN]  client.alloc_runner.runner_hook: network configuration check failed: alloc_id=a1 error="plugin type=\\"bridge\\" failed (check): Interface veth81df4de1 Mac doesn\'t match: da:ca:7d:68:c5:4e not found"',
      },
      then: 'present',
    },
    {
      name: 'the check failed for another reason',
      given: {
        'node.agent-log':
          '[WARN]  client.alloc_runner.runner_hook: network configuration check failed: error="expected FORWARD rule not found"',
      },
      then: 'absent',
    },
    { name: 'a quiet log', given: { 'node.agent-log': '[INFO]  client: node registration complete' }, then: 'absent' },
  ],
})
