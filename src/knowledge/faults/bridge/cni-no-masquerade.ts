import { agreed } from '../../clients.ts'
import { cniNetwork, onCniNetwork, onNomadsBridge, outbound } from '../../crossing-samples.ts'
import { edits, set } from '../../edit.ts'
import { inOneFile, pluginIn, severalFiles } from '../../edit-cni.ts'
import { fault } from '../../fault.ts'
import type { CniNetwork } from '../../shapes/crossing.ts'

/** Host ports are mapped, as for addresses nobody else knows, and the sender's address is left as it is. */
const oneWay = ({ bridge, masquerade, mapsPorts, defaultRoute }: CniNetwork): boolean =>
  bridge !== null && !masquerade && mapsPorts && defaultRoute

const unmasked = cniNetwork({ masquerade: false })

export const cniNoMasquerade = fault({
  id: 'cni-no-masquerade',
  about: 'path',
  title: "The operator's CNI network leaves its own addresses on packets that go out",
  layer: 'bridge',
  severity: 'risks',
  intended: 'where the machines that are called, or the routers between, have a route to the subnet',
  heard: ['connect: connection timed out', 'dial tcp <address>:<port>: i/o timeout'],
  onlyWhen: { 'source.group.network.mode': ['cni'], 'source.alloc.status': ['running'] },
  needs: ['path.one-way'],
  holds: ({ 'path.one-way': found }) => {
    if (!found || !oneWay(found.network)) return false
    const { network, way, silent } = found
    const subnet = network.subnets.join(', ') || 'its subnet'
    const off = `Network ${network.name} (${network.file}) has ipMasq off`
    return silent === null
      ? `${off}: answers to what its allocations send come back only where others have a route to ${subnet}`
      : {
          says: `${off}: ${silent} has an answer for ${way.node} itself and none for its allocation at ${way.sources.join(', ')}: nobody there has a route to ${subnet}, or a filter there drops packets from it`,
          severity: 'breaks',
        }
  },
  byHand:
    'On the client: tcpdump on the interface to the LAN shows packets with addresses of the CNI network as their source, and no answer.',
  explains: [],
  because:
    'The bridge plugin with ipMasq translates the source of packets that leave the client to the address of the client. Without it they carry the address of the allocation. Machines that have no route to that subnet cannot answer, so every connection from inside times out, while connections to mapped host ports work.',
  fix: ({ 'path.one-way': found }) => [
    {
      do: `Set "ipMasq": true in the bridge plugin of ${found?.network.file ?? 'the conflist'}, or give the network between a route to the subnet`,
      on: 'CNI configuration of the clients',
      risk: 'Only new allocations get it',
    },
  ],
  references: ['https://www.cni.dev/plugins/current/main/bridge/'],
  since: '0.1.0',
  examples: [
    {
      name: 'ipMasq is off, and whether others have a route is not known',
      given: {
        'source.group.network.mode': 'cni',
        'source.alloc.status': 'running',
        'path.one-way': { network: unmasked, way: outbound({ mode: 'cni' }), silent: null },
      },
      then: 'present',
    },
    {
      name: 'what answers the client does not answer the allocation',
      given: {
        'source.group.network.mode': 'cni',
        'source.alloc.status': 'running',
        'path.one-way': { network: unmasked, way: outbound({ mode: 'cni' }), silent: '10.0.0.11:25001' },
      },
      then: 'present',
    },
    {
      name: 'a network that is meant to be routed maps no host ports',
      given: {
        'source.group.network.mode': 'cni',
        'source.alloc.status': 'running',
        'path.one-way': { network: { ...unmasked, mapsPorts: false }, way: outbound({ mode: 'cni' }), silent: null },
      },
      then: 'absent',
    },
    {
      name: 'its packets are translated, or others answer to them',
      given: { 'source.group.network.mode': 'cni', 'source.alloc.status': 'running', 'path.one-way': null },
      then: 'absent',
    },
    {
      name: "Nomad's own bridge",
      given: { 'source.group.network.mode': 'bridge', 'source.alloc.status': 'running', 'path.one-way': null },
      then: 'absent',
    },
    {
      name: 'the allocation is over',
      given: { 'source.group.network.mode': 'cni', 'source.alloc.status': 'complete', 'path.one-way': null },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['cni'] },
    needs: ['group.spec', 'group.network.mode-text', 'every.node.cni.networks'],
    shows: ['every.node.cni.networks'],
    holds: ({ 'group.spec': spec, 'group.network.mode-text': mode, 'every.node.cni.networks': files }) => {
      const network = agreed(mode, files, oneWay)
      return network && spec.network
        ? {
            says: `Group ${spec.name} is on network ${network.name}, which has ipMasq off: what it sends out gets an answer only where others have a route to ${network.subnets.join(', ') || 'its subnet'}`,
            severity: 'degrades',
            at: [spec.network, 'mode'],
          }
        : false
    },
    fix: ({ 'group.network.mode-text': mode, 'every.node.cni.networks': files }) => {
      const network = inOneFile(mode, files)
      const bridge = network && pluginIn(network, 'bridge')
      return [
        {
          do: 'Set "ipMasq": true in the bridge plugin of that conflist',
          on: 'CNI configuration of the clients',
          risk: 'Only new allocations get it',
          ...edits(bridge && [set(bridge, 'ipMasq', true)], severalFiles),
        },
      ]
    },
    examples: [
      {
        name: 'ipMasq is off',
        given: onCniNetwork({ masquerade: false }),
        then: 'present',
      },
      {
        name: 'ipMasq is on',
        given: onCniNetwork({ masquerade: true }),
        then: 'absent',
      },
      {
        name: "Nomad's own bridge",
        given: onNomadsBridge,
        then: 'absent',
      },
    ],
  },
})
