import { agreed } from '../../clients.ts'
import { cniNetwork, onCniNetwork, onNomadsBridge, uplink } from '../../crossing-samples.ts'
import { edits, set } from '../../edit.ts'
import { inOneFile, pluginIn, severalFiles } from '../../edit-cni.ts'
import { fault } from '../../fault.ts'
import { replaceJob } from '../../nomad-command.ts'
import { record } from '../../samples.ts'

const bare = { name: 'lan0', up: true, addresses: [], callsIptables: false }
const given = {
  'alloc.record': record('a1'),
  'group.network.mode': 'cni',
  'alloc.status': 'running',
  'alloc.cni.network': cniNetwork({ gateway: false }),
  'alloc.uplink': uplink({ bridge: bare }),
} as const

export const cniBridgeNotGateway = fault({
  id: 'cni-bridge-not-gateway',
  about: 'alloc',
  title: "The bridge of the operator's CNI network gets no address, so it is no gateway",
  layer: 'bridge',
  severity: 'breaks',
  heard: ['No route to host', 'connect: no route to host'],
  onlyWhen: { 'group.network.mode': ['cni'], 'alloc.status': ['running'] },
  needs: ['alloc.cni.network', 'alloc.uplink', 'alloc.record'],
  shows: ['alloc.cni.network', 'alloc.uplink'],
  holds: ({ 'alloc.cni.network': network, 'alloc.uplink': link }) =>
    network && network.bridge !== null && !network.gateway && link?.bridge && link.bridge.addresses.length === 0
      ? `Network ${network.name} (${network.file}) does not set isGateway, so the bridge ${link.bridge.name} of ${link.node} has no address: only allocations on it reach each other`
      : false,
  byHand:
    'On the client: ip -4 addr show <bridge> has no address, and the bridge plugin in the conflist has no "isGateway": true.',
  explains: ['nsd-check-failing'],
  because:
    'The bridge plugin gives its bridge an address only when isGateway is true. That address is the gateway of the allocations, and the client has a route to them because of it. Without it the client is not on their network: host ports lead nowhere, checks from the client fail, and whatever an allocation sends out finds no gateway. Allocations of the same bridge still reach each other.',
  fix: ({ 'alloc.cni.network': network, 'alloc.record': record }) => [
    {
      do: `Set "isGateway": true in the bridge plugin of ${network?.file ?? 'the conflist'} on every client that has it`,
      on: 'CNI configuration of the clients',
      risk: 'none',
    },
    {
      do: 'Replace the allocations of the job, and of every other one on that network',
      on: 'job',
      run: replaceJob(record),
      risk: 'All its allocations are replaced',
    },
  ],
  references: [
    'https://www.cni.dev/plugins/current/main/bridge/',
    'https://developer.hashicorp.com/nomad/docs/networking/cni#cni-configuration',
  ],
  since: '0.1.0',
  examples: [
    { name: 'isGateway is not set', given, then: 'present' },
    {
      name: 'corrected, and the allocation replaced',
      given: { ...given, 'alloc.cni.network': cniNetwork(), 'alloc.uplink': uplink() },
      then: 'absent',
    },
    {
      name: 'somebody gave the bridge an address by hand',
      given: { ...given, 'alloc.uplink': uplink() },
      then: 'absent',
    },
    {
      name: "Nomad's own bridge always is one",
      given: { ...given, 'group.network.mode': 'bridge', 'alloc.cni.network': null },
      then: 'absent',
    },
    { name: 'the allocation does not run', given: { ...given, 'alloc.status': 'failed' }, then: 'absent' },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['cni'] },
    needs: ['group.spec', 'group.network.mode-text', 'every.node.cni.networks'],
    shows: ['every.node.cni.networks'],
    holds: ({ 'group.spec': spec, 'group.network.mode-text': mode, 'every.node.cni.networks': files }) => {
      const network = agreed(
        mode,
        files,
        ({ bridge, gateway, masquerade }) => bridge !== null && !gateway && masquerade,
      )
      return network && spec.network
        ? {
            says: `Group ${spec.name} is on network ${network.name}, whose bridge gets no address (isGateway is not set): neither the client nor other machines exchange packets with it`,
            at: [spec.network, 'mode'],
          }
        : false
    },
    fix: ({ 'group.network.mode-text': mode, 'every.node.cni.networks': files }) => {
      const network = inOneFile(mode, files)
      const bridge = network && pluginIn(network, 'bridge')
      return [
        {
          do: 'Set "isGateway": true in the bridge plug-in of that conflist',
          on: 'CNI configuration of the clients',
          risk: 'Only new allocations get it',
          ...edits(bridge && [set(bridge, 'isGateway', true)], severalFiles),
        },
      ]
    },
    examples: [
      {
        name: 'no gateway',
        given: onCniNetwork({ gateway: false }),
        then: 'present',
      },
      {
        name: 'a gateway',
        given: onCniNetwork({ gateway: true }),
        then: 'absent',
      },
      {
        name: 'the bridge of Nomad',
        given: onNomadsBridge,
        then: 'absent',
      },
    ],
  },
})
