import { cniFile } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import type { CniFile, CniNetwork } from '../../shapes/crossing.ts'

const open = (files: readonly CniFile[]) =>
  files
    .flatMap(({ network }) => network ?? [])
    .find(({ bridge, plugins }) => bridge !== null && !plugins.includes('firewall'))

/** A chain of the network's own: names of chains end at 28 characters. */
const chainOf = (network: CniNetwork | undefined): string => `${network?.name ?? 'CNI'}-ADMIN`.slice(-28).toUpperCase()

export const customCniNoFirewallPlugin = fault({
  id: 'custom-cni-no-firewall-plugin',
  about: 'node',
  title: "The operator's CNI bridge network has no firewall plugin",
  layer: 'node',
  severity: 'risks',
  // Silent: packets are dropped by the policy of FORWARD, and nothing is logged.
  heard: [],
  needs: ['node.cni.networks'],
  holds: ({ 'node.cni.networks': files }) => {
    const found = open(files)
    return found
      ? {
          says: `Network "${found.name}" (${found.file}) has a bridge and no firewall plugin: nobody accepts its packets where FORWARD drops by default, as docker sets it`,
          at: [found, 'type bridge'],
        }
      : false
  },
  intended: 'where rules of your own accept its packets, or FORWARD accepts by default',
  byHand:
    'On the client: iptables -S FORWARD starts with -P FORWARD DROP, and no rule of CNI-FORWARD names an address of the network.',
  explains: [],
  because:
    'Packets between a bridge and the network of the client are forwarded, so the FORWARD chain decides about them. The firewall plugin accepts what an allocation sends and the answers to it. Without the plugin that is left to the policy of the chain: ACCEPT on a plain Linux, DROP where docker is, and then neither callers nor answers get through, while the client itself still reaches the allocations.',
  fix: ({ 'node.cni.networks': files }) => [
    {
      do: `Add { "type": "firewall", "backend": "iptables", "iptablesAdminChainName": "${chainOf(open(files))}" } behind the bridge plugin in ${open(files)?.file ?? 'the conflist'}`,
      on: 'CNI configuration of the clients',
      risk: 'Allocations that run keep their rules: replace them afterwards',
    },
    {
      do: 'And accept new connections to its bridge in that chain, which the plugin does not do',
      on: 'clients',
      run: ['iptables', '-A', chainOf(open(files)), '-o', open(files)?.bridge ?? '<bridge>', '-j', 'ACCEPT'],
      risk: 'Every port of every allocation in that network becomes reachable for machines that have a route to it',
    },
  ],
  references: [
    'https://www.cni.dev/plugins/current/meta/firewall/',
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a bridge without it',
      given: { 'node.cni.networks': [cniFile('lan.conflist', { plugins: ['loopback', 'bridge', 'portmap'] })] },
      then: 'present',
    },
    { name: 'with it', given: { 'node.cni.networks': [cniFile('lan.conflist')] }, then: 'absent' },
    {
      name: 'macvlan is not forwarded',
      given: { 'node.cni.networks': [cniFile('plant.conflist', { plugins: ['loopback', 'macvlan'], bridge: null })] },
      then: 'absent',
    },
  ],
})
