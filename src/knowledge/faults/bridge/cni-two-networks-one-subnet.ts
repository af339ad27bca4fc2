import { cniNetwork } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'

export const cniTwoNetworksOneSubnet = fault({
  id: 'cni-two-networks-one-subnet',
  about: 'node',
  title: 'Two CNI networks of the client give out the same addresses',
  layer: 'bridge',
  severity: 'degrades',
  // Silent: both networks are set up without any complaint.
  heard: [],
  needs: ['node.cni.overlap'],
  holds: ({ 'node.cni.overlap': found }) =>
    found
      ? {
          says: `Networks "${found.first.name}" (${found.first.file}) and "${found.second.name}" (${found.second.file}) both give out addresses of ${found.subnet}, each from its own first one on`,
          at: [found.second, `subnet ${found.other}`],
        }
      : false,
  byHand:
    'Compare subnet and ranges of ipam in all files of cni_config_dir; ls /var/run/cni/<network> shows the same addresses for both.',
  explains: ['ipam-state-lost-duplicate-ip'],
  because:
    'The plugin host-local keeps its book of addresses by the name of the network. Two networks with one subnet know nothing of each other: both give their first allocation the second address of it. The client then has one address at two places; packets reach now this allocation, now that one, or always the wrong one.',
  fix: ({ 'node.cni.overlap': found }) => [
    {
      do: `Give "${found?.second.name ?? ''}" another subnet, or split ${found?.subnet ?? 'it'} between both with rangeStart and rangeEnd`,
      on: 'CNI configuration of the clients',
      risk: 'Allocations that run keep their addresses: replace them afterwards',
    },
  ],
  references: ['https://www.cni.dev/plugins/current/ipam/host-local/'],
  since: '0.1.0',
  examples: [
    {
      name: 'two names, one subnet',
      given: {
        'node.cni.overlap': {
          first: cniNetwork(),
          second: cniNetwork({ name: 'twin', file: 'twin.conflist' }),
          subnet: '10.22.0.0/24',
          other: '10.22.0.0/24',
        },
      },
      then: 'present',
    },
    { name: 'none share', given: { 'node.cni.overlap': null }, then: 'absent' },
  ],
})
