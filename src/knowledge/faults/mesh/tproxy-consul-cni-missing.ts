import { looksForPlugins, pluginFolders } from '../../cni-words.ts'
import { fault } from '../../fault.ts'
import { clients, grave, reasons } from '../../placement.ts'
import type { PlacementFailure } from '../../shapes/runtime.ts'
import { failure } from '../placement/examples.ts'

const told = (refusals: PlacementFailure | null) =>
  reasons(refusals, 'constraints', /^\$\{attr\.plugins\.cni\.version\.consul-cni\} semver >= (\S+)$/)[0]

const refused = failure({ constraintFiltered: { '${attr.plugins.cni.version.consul-cni} semver >= 1.4.2': 2 } })

export const tproxyConsulCniMissing = fault({
  id: 'tproxy-consul-cni-missing',
  about: 'group',
  title: 'The clients have no consul-cni plug-in, which a transparent proxy needs',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'Constraint "${attr.plugins.cni.version.consul-cni} semver >= 1.4.2": <n> nodes excluded by filter',
    'plugin type="consul-cni" failed (add): failed to find plugin "consul-cni" in path [/opt/cni/bin]',
  ],
  onlyWhen: { 'group.placement': ['not-placed', 'partly'] },
  needs: ['group.refusals', 'group.placement'],
  shows: ['group.refusals'],
  holds: ({ 'group.refusals': refusals, 'group.placement': placement }) => {
    const found = told(refusals)
    return found
      ? {
          says: `${clients(found.count)} ${found.count === 1 ? 'is' : 'are'} left out, because the plug-in consul-cni is missing there or older than ${found.words[0] ?? '1.4.2'}`,
          severity: grave(placement),
        }
      : false
  },
  byHand: `nomad node status -verbose <node>: is there plugins.cni.version.consul-cni? On the client: ls in the folders of cni_path (default ${pluginFolders}).`,
  explains: ['computed-class-ineligible'],
  because:
    'A transparent proxy needs rules in the namespace of the group that send all traffic to the sidecar. These are written by a CNI plug-in of Consul, consul-cni, which is not among the usual reference plug-ins. The servers add a constraint on its version, and clients where Nomad did not find it in cni_path are left out.',
  fix: () => [
    {
      do: `Install consul-cni 1.4.2 or newer in a folder of cni_path (default ${pluginFolders}). ${looksForPlugins}`,
      on: 'clients',
      risk: 'Running allocations go on',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/transparent_proxy',
    'https://developer.hashicorp.com/nomad/docs/networking/consul/service-mesh',
  ],
  versions: { nomad: '>= 1.8.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'no client has it',
      given: { 'group.placement': 'not-placed', 'group.refusals': refused },
      then: 'present',
    },
    {
      name: 'another plug-in',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({ constraintFiltered: { '${attr.plugins.cni.version.bridge} semver >= 0.4.0': 2 } }),
      },
      then: 'absent',
    },
    { name: 'placed', given: { 'group.placement': 'placed', 'group.refusals': null }, then: 'absent' },
  ],
})
