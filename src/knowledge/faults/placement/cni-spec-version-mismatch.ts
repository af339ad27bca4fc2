import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'
import { setupFailed, setupSays } from '../../setup.ts'
import { placedAnew } from '../../nomad-command.ts'

const told = (failed: string | null) => {
  const [, plugin, wanted = '', knows = ''] = setupSays('cni-spec-version-mismatch', failed) ?? []
  return plugin === undefined ? undefined : { plugin, wanted, newest: /"([^"]+)"\s*$/.exec(knows)?.[1] ?? knows }
}

export const cniSpecVersionMismatch = fault({
  id: 'cni-spec-version-mismatch',
  about: 'alloc',
  title: 'The CNI network asks for a version of the specification that the plugins do not know',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'plugin type="<plugin>" failed (add): incompatible CNI versions; config is "<version>", plugin supports ["0.1.0" "0.2.0" "0.3.0" "0.3.1" "0.4.0"]',
  ],
  needs: ['alloc.setup-failure', 'alloc.record'],
  shows: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed }) => {
    const found = told(failed)
    return found
      ? `The network is written for CNI ${found.wanted}, and the plugin ${found.plugin} of the client knows versions up to ${found.newest}`
      : false
  },
  byHand:
    'On the client: CNI_COMMAND=VERSION /opt/cni/bin/bridge prints supportedVersions; compare with cniVersion in the conflist (0.4.0 for mode bridge).',
  explains: [],
  because:
    'Each CNI network names the version of the specification it is written for, and each plugin knows some of them: plugins 0.8 and 0.9 up to 0.4.0, 1.0 to 1.5 up to 1.0.0, since 1.6 up to 1.1.0. A plugin refuses a newer one at once. The network that Nomad makes for mode bridge asks for 0.4.0; one that was copied from newer documentation asks for more.',
  fix: ({ 'alloc.setup-failure': failed, 'alloc.record': alloc }) => {
    const { newest = '0.4.0' } = told(failed) ?? {}
    return [
      {
        do: `For a network of your own: lower cniVersion in its file to ${newest}; 0.4.0 has all that Nomad uses`,
        on: 'CNI configuration of the clients',
        risk: 'none',
      },
      { do: 'Or install newer CNI reference plugins', on: 'client', risk: 'Allocations that start meanwhile may fail' },
      placedAnew(alloc),
    ]
  },
  references: [
    'https://www.cni.dev/docs/spec/',
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
    'https://github.com/hashicorp/nomad/issues/6689',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a network of 1.0.0 with plugins of 0.9.1',
      given: {
        'alloc.record': record('a1'),
        'alloc.setup-failure': setupFailed(
          'plugin type="loopback" failed (add): incompatible CNI versions; config is "1.0.0", plugin supports ["0.1.0" "0.2.0" "0.3.0" "0.3.1" "0.4.0"]',
        ),
      },
      then: 'present',
    },
    {
      name: 'the plugin cannot be run',
      given: {
        'alloc.record': record('a1'),
        'alloc.setup-failure': setupFailed(
          'plugin type="bridge" failed (add): netplugin failed with no error message: fork/exec /opt/cni/bin/bridge: exec format error',
        ),
      },
      then: 'absent',
    },
    {
      name: 'set up without trouble',
      given: { 'alloc.record': record('a1'), 'alloc.setup-failure': null },
      then: 'absent',
    },
  ],
})
