import { looksForPlugins, pluginFolders } from '../../cni-words.ts'
import { clientOf, told } from '../../clients.ts'
import { edits, reword } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { clients, grave, names, reasons } from '../../placement.ts'
import type { PlacementFailure } from '../../shapes/runtime.ts'
import { failure } from './examples.ts'

/** The plugin of transparent proxies has a fault of its own. */
const missing = (refusals: PlacementFailure | null) =>
  reasons(refusals, 'constraints', /^\$\{attr\.plugins\.cni\.version\.([\w-]+)\} /).filter(
    ({ words }) => words[0] !== 'consul-cni',
  )

/** Folders that depend on where the agent is started. */
const relative = (agent: Readonly<Record<string, unknown>>): string | undefined => {
  const folders = told(clientOf(agent), 'CNIPath')
    .split(':')
    .filter((one) => one !== '')
  return folders.length > 0 && folders.every((one) => !/^[/~$]/.test(one)) ? folders[0] : undefined
}

export const cniPluginsNotFingerprinted = fault({
  id: 'cni-plugins-not-fingerprinted',
  aliases: ['missing-cni-plugins', 'connect-cni-plugins-missing'],
  about: 'group',
  title: 'Clients do not report the CNI plugins that bridge networking needs',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Constraint "${attr.plugins.cni.version.bridge} semver >= 0.4.0": <n> nodes excluded by filter',
    '${attr.plugins.cni.version.portmap} semver >= 0.4.0',
    '${attr.plugins.cni.version.host-local} semver >= 0.4.0',
    'failed to read CNI plugins directory: cni_path=<path> error="open <path>: no such file or directory"',
    '${attr.plugins.cni.version.<plugin>} semver >= 0.4.0',
  ],
  onlyWhen: { 'group.placement': ['not-placed', 'partly'] },
  needs: ['group.refusals', 'group.placement'],
  shows: ['group.refusals'],
  holds: ({ 'group.refusals': refusals, 'group.placement': placement }) => {
    const found = missing(refusals)
    if (found.length === 0 || !refusals) return false
    const count = Math.max(...found.map((one) => one.count))
    const plugins = names(found.map(({ words }) => words[0] ?? ''))
    return {
      says: `${clients(count)} of ${refusals.nodesEvaluated} left out: no usable CNI plugin ${plugins} is known there`,
      severity: grave(placement),
    }
  },
  byHand: `nomad node status -verbose <node>: attributes plugins.cni.version.*; on the client, ls -l in the folders of cni_path (default ${pluginFolders}).`,
  explains: ['computed-class-ineligible', 'ingress-absent-on-node'],
  because:
    'For a group in mode bridge the servers add a constraint for each of the plugins bridge, firewall, host-local, loopback and portmap. A client reports the plugins it finds in the folders of cni_path when its agent starts, since 1.11.2 also when it is reloaded. A missing package, another cni_path, a file that cannot be executed, or plugins installed after the start leave the attributes out, and the scheduler skips the client however healthy it is.',
  fix: () => [
    {
      do: `Install the CNI reference plugins into a folder of cni_path (default ${pluginFolders}), executable for root; or add to cni_path in the client block where a package put them: /usr/libexec/cni on Fedora and RHEL, /usr/lib/cni on Debian and Ubuntu`,
      on: 'clients that were left out',
      risk: 'none',
    },
    {
      do: looksForPlugins,
      on: 'clients that were left out',
      run: ['systemctl', 'restart', 'nomad'],
      risk: 'Running allocations go on',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
    'https://developer.hashicorp.com/nomad/docs/upgrade/upgrade-specific#nomad-1-8-0',
    'nomad/job_endpoint_hooks.go',
  ],
  versions: { nomad: '>= 1.8.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'the bridge plugin is not known on one client',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({
          constraintFiltered: {
            '${attr.plugins.cni.version.bridge} semver >= 0.4.0': 1,
            '${node.unique.name} = c1': 1,
          },
        }),
      },
      then: 'present',
    },
    {
      name: 'the plugin of the transparent proxy',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({
          constraintFiltered: { '${attr.plugins.cni.version.consul-cni} semver >= 1.4.2': 2 },
        }),
      },
      then: 'absent',
    },
    { name: 'placed', given: { 'group.placement': 'placed', 'group.refusals': null }, then: 'absent' },
  ],
  foretold: {
    about: 'node',
    needs: ['node.agent'],
    holds: ({ 'node.agent': agent }) => {
      const found = relative(agent)
      return found === undefined
        ? false
        : {
            says: `cni_path is ${found}, relative to where the agent is started: the plugins are looked for there, and the client offers no bridge without them`,
            at: [clientOf(agent), 'cni_path'],
          }
    },
    fix: ({ 'node.agent': agent }) => [
      {
        do: 'Write cni_path as an absolute path: /opt/cni/bin',
        on: 'client configuration',
        risk: 'The client agent has to be restarted',
        ...edits(
          relative(agent) === undefined
            ? undefined
            : [reword(clientOf(agent), 'cni_path', relative(agent) ?? '', `/${relative(agent)}`)],
          'the folder is not written out',
        ),
      },
    ],
    examples: [
      { name: 'opt/cni/bin', given: { 'node.agent': { Client: { CNIPath: 'opt/cni/bin' } } }, then: 'present' },
      {
        name: 'absolute',
        given: { 'node.agent': { Client: { CNIPath: '/opt/cni/bin:/usr/libexec/cni' } } },
        then: 'absent',
      },
    ],
  },
})
