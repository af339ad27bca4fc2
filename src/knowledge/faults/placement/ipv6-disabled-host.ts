import { fault } from '../../fault.ts'

const refused = /could not add IP address to "([^"]+)": permission denied/

export const ipv6DisabledHost = fault({
  id: 'ipv6-disabled-host',
  about: 'alloc',
  title: 'The bridge shall have an IPv6 subnet, but IPv6 is disabled on the client',
  layer: 'node',
  severity: 'breaks',
  heard: ['failed to set bridge addr: could not add IP address to "nomad": permission denied'],
  onlyWhen: { 'alloc.start': ['no-set-up'] },
  needs: ['alloc.setup-failure', 'node.sysctls'],
  holds: ({ 'alloc.setup-failure': failed, 'node.sysctls': sysctls }) => {
    const [, bridge] = refused.exec(failed ?? '') ?? []
    const off = ['all', ...(bridge === undefined ? [] : [bridge]), 'default'].find(
      (one) => sysctls[`net.ipv6.conf.${one}.disable_ipv6`] === '1',
    )
    return bridge === undefined || off === undefined
      ? false
      : `The kernel refuses an IPv6 address on bridge ${bridge}: net.ipv6.conf.${off}.disable_ipv6 is 1 on the client`
  },
  byHand: 'On the client: sysctl net.ipv6.conf.all.disable_ipv6, and bridge_network_subnet_ipv6 in its client block.',
  explains: [],
  because:
    'With bridge_network_subnet_ipv6 the bridge plugin gives the bridge an IPv6 address before it attaches an allocation. On a host whose IPv6 is switched off the kernel answers EACCES, which the plugin reports as "permission denied", although the agent runs as root. Every allocation in bridge mode then fails in set-up, IPv4 or not.',
  fix: () => [
    {
      do: 'Switch IPv6 on',
      on: 'client',
      run: ['sysctl', '-w', 'net.ipv6.conf.all.disable_ipv6=0', 'net.ipv6.conf.default.disable_ipv6=0'],
      risk: 'The host gets IPv6 addresses on its interfaces; check the firewall first, and make it last in /etc/sysctl.d',
    },
    {
      do: 'Or take bridge_network_subnet_ipv6 out of the client block and restart the agent',
      on: 'client configuration',
      risk: 'Allocations have IPv4 addresses only',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#bridge_network_subnet_ipv6',
    'https://developer.hashicorp.com/nomad/docs/networking/ipv6',
  ],
  versions: { nomad: '>= 1.9.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'IPv6 switched off',
      given: {
        'alloc.start': 'no-set-up',
        'alloc.setup-failure':
          'failed to configure network: plugin type="bridge" failed (add): failed to set bridge addr: could not add IP address to "nomad": permission denied',
        'node.sysctls': { 'net.ipv6.conf.all.disable_ipv6': '1' },
      },
      then: 'present',
    },
    {
      name: 'the agent lacks the right',
      given: {
        'alloc.start': 'no-set-up',
        'alloc.setup-failure':
          'failed to configure network: plugin type="bridge" failed (add): failed to set bridge addr: could not add IP address to "nomad": permission denied',
        'node.sysctls': { 'net.ipv6.conf.all.disable_ipv6': '0', 'net.ipv6.conf.default.disable_ipv6': '0' },
      },
      then: 'absent',
    },
    {
      name: 'it runs on IPv4',
      given: {
        'alloc.start': 'up',
        'alloc.setup-failure': null,
        'node.sysctls': { 'net.ipv6.conf.all.disable_ipv6': '1' },
      },
      then: 'absent',
    },
  ],
})
