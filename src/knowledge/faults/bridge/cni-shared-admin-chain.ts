import { cniFile } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import type { CniFile } from '../../shapes/crossing.ts'

const borrowed = (files: readonly CniFile[]) =>
  files
    .flatMap(({ network }) => network ?? [])
    .find(({ adminChain, bridge }) => adminChain === 'NOMAD-ADMIN' && bridge !== 'nomad')

export const cniSharedAdminChain = fault({
  id: 'cni-shared-admin-chain',
  about: 'node',
  title: "The operator's CNI network uses Nomad's own chain NOMAD-ADMIN",
  layer: 'node',
  severity: 'risks',
  // Silent: the plugin takes any chain, and Nomad does not look.
  heard: [],
  needs: ['node.cni.networks'],
  holds: ({ 'node.cni.networks': files }) => {
    const found = borrowed(files)
    return found
      ? {
          says: `Network "${found.name}" (${found.file}) names NOMAD-ADMIN as its iptablesAdminChainName: rules there act on both networks, and Nomad's own rule accepts nothing for ${found.bridge ?? 'it'}`,
          at: [found, 'iptablesAdminChainName'],
        }
      : false
  },
  intended: 'where the rules of the chain are meant for both networks',
  byHand: 'grep -H iptablesAdminChainName in cni_config_dir; iptables -S NOMAD-ADMIN shows the rules that both share.',
  explains: [],
  because:
    "The firewall plugin asks one chain of the operator before its own rules. Nomad uses NOMAD-ADMIN for its bridge and writes one rule there, which accepts new connections to the bridge nomad and to nothing else. A copied conflist keeps that name: a rule that was meant for one network then acts on both, and whoever thinks that Nomad's rule opens the new network too is mistaken.",
  fix: ({ 'node.cni.networks': files }) => {
    const found = borrowed(files)
    return [
      {
        do: `Give "${found?.name ?? ''}" a chain of its own in ${found?.file ?? ''}, such as "iptablesAdminChainName": "CNI-ADMIN-${(found?.name ?? '').toUpperCase().slice(0, 18)}", and put its rules there`,
        on: 'CNI configuration of the clients',
        risk: 'Allocations that run keep the old chain: replace them afterwards',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
    'https://www.cni.dev/plugins/current/meta/firewall/',
  ],
  since: '0.1.0',
  examples: [
    { name: 'a copied list', given: { 'node.cni.networks': [cniFile('lan.conflist')] }, then: 'present' },
    {
      name: 'a chain of its own',
      given: { 'node.cni.networks': [cniFile('lan.conflist', { adminChain: 'LAN-ADMIN' })] },
      then: 'absent',
    },
    {
      name: 'the bridge of Nomad, in a list of your own',
      given: { 'node.cni.networks': [cniFile('nomad.conflist', { bridge: 'nomad' })] },
      then: 'absent',
    },
  ],
})
