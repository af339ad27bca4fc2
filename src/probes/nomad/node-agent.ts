import { nomad } from '../../ask/nomad.ts'
import { map, object } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'

const told = [
  'NetworkInterface',
  'CNIPath',
  'CNIConfigDir',
  'BridgeNetworkName',
  'BridgeNetworkSubnet',
  'BridgeNetworkHairpinMode',
  'HostNetworks',
  'MinDynamicPort',
  'MaxDynamicPort',
  'Options',
] as const

export const nodeAgent = probe({
  id: 'node-agent',
  about: 'node',
  title: 'Asking the client agent for its configuration',
  provides: ['node.agent'],
  given: [],
  cost: 'free',
  read: (ask, { names }) => look(ask, nomad.nodeAgent(names.node ?? '')),
  parse: (answer) => ({
    'node.agent': fromJson('node-agent', answer, (json) => {
      const config = object(object(json)['config'], 'config')
      const client = map(config['Client'], 'Client')
      return [config, told.map((key) => `client ${key} = ${JSON.stringify(client[key] ?? null)}`).join('\n')]
    }),
  }),
})
