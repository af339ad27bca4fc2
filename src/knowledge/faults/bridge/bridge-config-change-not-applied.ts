import { uplink } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import { nodeDocument } from '../../samples.ts'

const key = 'nomad.bridge.hairpin_mode'
const on = nodeDocument({ attributes: { [key]: 'true' } })

export const bridgeConfigChangeNotApplied = fault({
  id: 'bridge-config-change-not-applied',
  about: 'alloc',
  title: "The client's hairpin setting has changed, and this allocation still has the old one",
  layer: 'bridge',
  severity: 'risks',
  heard: ['nomad.bridge.hairpin_mode = true'],
  onlyWhen: { 'group.network.mode': ['bridge'], 'alloc.status': ['running'] },
  needs: ['alloc.uplink', 'node.document'],
  holds: ({ 'alloc.uplink': link, 'node.document': { name, attributes } }) =>
    attributes[key] === 'true' && link?.hairpin === false
      ? `${name} is configured with bridge_network_hairpin_mode = true, but ${link.veth}, the port of this allocation in the bridge, has it off: it was set up before`
      : false,
  intended: 'where the allocation never calls its own host port',
  byHand:
    'bridge -d link show dev <veth> says "hairpin off" while nomad node status -verbose has nomad.bridge.hairpin_mode = true.',
  explains: [],
  because:
    'Settings of the bridge (hairpin mode, name, subnet) are used when the network of an allocation is set up. A restart of the agent leaves running allocations as they are, so after a change both kinds live side by side, and the allocation that needed the change is the one that does not have it.',
  fix: ({ 'alloc.uplink': link, 'node.document': { name } }) => [
    {
      do: 'Replace the allocation: nomad alloc stop <alloc>; or drain and reboot the client to have all of them anew',
      on: 'cluster',
      risk: 'The allocation ends; another one is placed',
    },
    {
      do: 'To try it at once',
      on: `client ${name}`,
      run: ['bridge', 'link', 'set', 'dev', link?.veth ?? '<veth>', 'hairpin', 'on'],
      risk: 'none; gone with the allocation',
    },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/configuration/client#bridge_network_hairpin_mode'],
  versions: { nomad: '>= 1.5.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'set up before the change',
      given: {
        'group.network.mode': 'bridge',
        'alloc.status': 'running',
        'alloc.uplink': uplink({ hairpin: false }),
        'node.document': on,
      },
      then: 'present',
    },
    {
      name: 'it has the new setting',
      given: {
        'group.network.mode': 'bridge',
        'alloc.status': 'running',
        'alloc.uplink': uplink({ hairpin: true }),
        'node.document': on,
      },
      then: 'absent',
    },
    {
      name: 'off on both sides, which is the default',
      given: {
        'group.network.mode': 'bridge',
        'alloc.status': 'running',
        'alloc.uplink': uplink({ hairpin: false }),
        'node.document': nodeDocument(),
      },
      then: 'absent',
    },
    {
      name: "an operator's own network has its own setting",
      given: { 'group.network.mode': 'cni', 'alloc.status': 'running', 'alloc.uplink': uplink(), 'node.document': on },
      then: 'absent',
    },
    {
      name: 'it is over',
      given: {
        'group.network.mode': 'bridge',
        'alloc.status': 'complete',
        'alloc.uplink': uplink({ hairpin: false }),
        'node.document': on,
      },
      then: 'absent',
    },
  ],
})
